internal import JobModel
internal import Results

/// Why an occurrence ended as it did, in sentences.
struct OccurrenceExplanation {
    let entry: LedgerEntry
    /// The state directory, as a user names it in commands.
    let state: String

    /// What became of it first, then what can be done about it.
    var lines: [String] {
        switch entry.state {
        case .claimed where entry.startedAt == nil:
            [
                "waiting: claimed by \(claimant), not started yet: another run of the job, or one that shares a mutex with it, "
                    + "is still going"
            ]
        case .claimed: ["running: started at \(started) by \(claimant)\(late)"] + records
        case .ran(.succeeded): ["ran and succeeded: started at \(started)\(late), \(took)"] + records
        case .ran(.failed):
            ["ran and failed: started at \(started)\(late), \(took)"] + (entry.message.map { ["why: \($0)"] } ?? [])
                + records
                + (entry.results.map { ["what failed: fnrun report \(ShellText.word($0))"] } ?? [])
        case .ran(.crashed):
            ["crashed: started at \(started)\(late), by \(claimant), whose process died before the end"] + records
                + cure
        case .skipped(.overlap): ["skipped: a previous run of the job was still going (overlap policy)"]
        case .skipped(.suspended): ["skipped: the job was suspended (suspend: true)"]
        case .skipped(.credentialsRejected):
            ["skipped: LivePerson rejected the account's credentials, so the account was paused"]
        case .missed(.catchup):
            [
                "missed: no scheduler began it at that time, and afterwards `catchup` did not select it: it was not the "
                    + "latest, or one more than `catchupMax`, or `catchup` is none"
            ]
        case .missed(.window):
            ["missed: no scheduler began it at that time, and afterwards it was too late (`catchupWindow`)"]
        }
    }

    /// Whether a line tells a command, or a path, to be copied.
    static func isCommand(_ line: String) -> Bool {
        ["records: ", "what failed: ", "go on with it: "].contains(where: line.hasPrefix)
    }

    private var claimant: String { entry.claimant ?? "a process" }
    private var started: String { entry.startedAt?.rfc3339() ?? "?" }

    private var late: String {
        guard let lateness = entry.lateness, lateness >= .seconds(1) else { return "" }
        return ", \(DisplayText.duration(lateness)) late"
    }

    private var took: String {
        guard let started = entry.startedAt, let finished = entry.finishedAt else { return "" }
        return "took \(DisplayText.duration(finished - started))"
    }

    private var records: [String] {
        entry.results.map { ["records: \($0) (run \(entry.runID ?? "?"))"] } ?? []
    }

    private var cure: [String] {
        guard let file = entry.file else { return [] }
        let time = entry.nominalTime.shortestRFC3339
        let base = "fnrun run \(ShellText.word(file)) --job \(entry.job) --nominal-time \(time)"
        return [
            "go on with it: \(base)" + (entry.results.map { " --resume \(ShellText.word($0))" } ?? "")
                + " --state \(ShellText.word(state))"
        ]
    }
}
