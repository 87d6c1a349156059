internal import Glibc
internal import JobModel
internal import Reactor
internal import Scheduling
internal import Status

/// `fnrun schedule`: the daemon.
package struct RunSchedule: Sendable {
    private let common: CommonSettings
    private let settings: ScheduleSettings
    private let paths: [String]

    package init(common: CommonSettings, settings: ScheduleSettings, paths: [String]) {
        self.common = common
        self.settings = settings
        self.paths = paths
    }

    /// - Returns: 0 when it was told to stop, whatever the runs amounted to.
    /// - Throws: ``CommandFailure`` for everything that keeps it from starting.
    package func execute() async throws -> ExitStatus {
        let address = try listenAddress()
        let setup = try await SchedulerSetup(mode: .daemon, common: common, settings: settings, paths: paths)
        let daemon = ScheduleDaemon(setup: setup)
        let signals = StopSignals(console: setup.console, notice: setup.notice) { @Sendable [weak daemon] in
            daemon?.reload(because: "SIGHUP")
        }
        signals.watch()
        do throws(CommandFailure) {
            try await daemon.start(listeningOn: address)
        } catch {
            await setup.abandon()
            throw error
        }
        signals.direct(to: daemon.signalTarget)
        await setup.finish()
        await daemon.end()
        return .success
    }

    private func listenAddress() throws(CommandFailure) -> ListenAddress? {
        guard let listen = settings.listen else { return nil }
        do throws(StatusError) {
            return try ListenAddress(listen)
        } catch {
            throw CommandFailure(.usage, error.message)
        }
    }
}
