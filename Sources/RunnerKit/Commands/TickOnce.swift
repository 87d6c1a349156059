internal import JSONText
internal import JobModel
internal import Scheduling
internal import Status

/// `fnrun tick`: runs what is due since the ledger's last record, then ends.
package struct TickOnce: Sendable {
    private let common: CommonSettings
    private let settings: ScheduleSettings
    private let paths: [String]

    package init(common: CommonSettings, settings: ScheduleSettings, paths: [String]) {
        self.common = common
        self.settings = settings
        self.paths = paths
    }

    /// - Throws: ``CommandFailure`` for everything that keeps it from starting.
    package func execute() async throws -> ExitStatus {
        let setup = try await SchedulerSetup(mode: .tick, common: common, settings: settings, paths: paths)
        let signals = StopSignals(console: setup.console, notice: setup.notice)
        signals.watch()
        do throws(CommandFailure) {
            try setup.start()
        } catch {
            await setup.abandon()
            throw error
        }
        signals.direct(to: setup.signalTarget)
        await setup.finish()
        var statuses = setup.journal.numbers.statuses
        if setup.driver.isTroubled { statuses.insert(.output) }
        if let status = signals.status {
            // Runs that were stopped say so themselves.
            statuses.subtract([.interrupted, .terminated])
            statuses.insert(status)
        }
        tell(setup)
        return ExitStatus.decisive(among: statuses)
    }

    private func tell(_ setup: SchedulerSetup) {
        let jobs = setup.journal.numbers.jobs.values.map(\.occurrences)
        let ran = jobs.reduce(0) { $0 + $1.ran }
        let failed = jobs.reduce(0) { $0 + $1[.ran(.failed)] + $1[.ran(.crashed)] }
        let skipped = jobs.reduce(0) { $0 + $1.skipped }
        let missed = jobs.reduce(0) { $0 + $1.missed }
        switch common.format {
        case .json:
            let counts = [("ran", ran), ("failed", failed), ("skipped", skipped), ("missed", missed)]
            let members = [("type", JSONValue.string("tick"))] + counts.map { ($0, .number(JSONNumber($1))) }
            setup.console.notice(JSONWriter.text(of: .object(JSONObject(members))))
        case .text, .curl:
            let failures = failed > 0 ? " (\(failed) failed)" : ""
            setup.console.notice("\(ran) ran\(failures), \(skipped) skipped, \(missed) missed")
        }
    }
}
