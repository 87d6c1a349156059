internal import JobModel
internal import Logging
internal import Results
internal import Scheduling

extension SchedulerNote {
    /// What the log says of it, and how urgently.
    var message: (level: Logger.Level, text: String) {
        switch self {
        case .caughtUp(let occurrence, _, let lateness):
            (.notice, "\(occurrence): runs \(DisplayText.duration(lateness)) late: it was not begun at its time")
        case .late(let occurrence, _, let lateness):
            (.warning, "\(occurrence): began \(DisplayText.duration(lateness)) late")
        case .skipped(let job, let span, .overlap, let blocker):
            (.warning, "\(text(job, span)) skipped: \(blocker.map(text) ?? "a previous run") is still going")
        case .skipped(let job, let span, .suspended, _): (.info, "\(text(job, span)) skipped: the job is suspended")
        case .skipped(let job, let span, .credentialsRejected, _):
            (.error, "\(text(job, span)) skipped: the account's credentials were rejected")
        case .missed(let job, let span, .catchup):
            (.warning, "\(text(job, span)) missed: it was not begun at its time, and `catchup` does not select it")
        case .missed(let job, let span, .window):
            (.warning, "\(text(job, span)) missed: it was not begun at its time, and now it is too late")
        case .waits(let occurrence, _, let blocker):
            (.info, "\(occurrence): waits\(blocker.map { " for \(text($0))" } ?? " for its turn")")
        case .overran(let occurrence, _, _, let next):
            (.warning, "\(occurrence): is still going at the job's next time, \(next.shortestRFC3339)")
        case .crashed(let entry):
            (
                .error,
                "\(occurrence(entry)): its process died\(entry.claimant.map { " (\($0))" } ?? ""): closed as crashed"
            )
        case .inherited(let entry):
            (.notice, "\(occurrence(entry)): was waiting in a process that has ended; taken over")
        case .lost(let occurrence, _):
            (.error, "\(occurrence): this process was away for so long that another has closed its run as crashed")
        case .outdated(let standing):
            (.debug, "\(standing.job): another process accounts for it up to \(standing.accountedUpTo.shortestRFC3339)")
        case .ledgerAhead(let job, let lead):
            (
                .warning,
                "\(job): the ledger is \(DisplayText.duration(lead)) ahead of the clock: nothing of it runs until then"
            )
        case .unattended(let time):
            (
                .warning,
                "nothing was looked at for \(DisplayText.duration(time)): the machine slept, or this process was stopped"
            )
        case .clockStepped(let step):
            (
                .warning,
                "the clock was set \(step < .zero ? "back" : "forward") by \(DisplayText.duration(step < .zero ? .zero - step : step))"
            )
        }
    }

    private func text(_ job: String, _ span: OccurrenceSpan) -> String {
        let first = OccurrenceID(job: job, nominalTime: span.first)
        return span.count == 1 ? "\(first):" : "\(first) to \(span.last.shortestRFC3339): \(span.count)"
    }

    private func text(_ blocker: Blocker) -> String {
        "the run of \(blocker.occurrence)\(blocker.mutex.map { " (mutex \($0))" } ?? "")\(blocker.isOwn ? "" : ", of another process,")"
    }

    private func occurrence(_ entry: LedgerEntry) -> OccurrenceID {
        OccurrenceID(job: entry.job, nominalTime: entry.nominalTime)
    }
}
