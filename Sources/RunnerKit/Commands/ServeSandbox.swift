internal import Glibc
internal import JobModel
internal import Reactor
internal import Sandbox

/// `fnrun sandbox`: serves the local LivePerson until told to stop.
package struct ServeSandbox: Sendable {
    private let common: CommonSettings
    private let port: Int
    private let script: String?

    package init(common: CommonSettings, port: Int, script: String?) {
        self.common = common
        self.port = port
        self.script = script
    }

    /// - Throws: ``CommandFailure`` if the script has problems or the port cannot be had.
    package func execute() async throws -> ExitStatus {
        let console = Console(settings: common)
        let (stops, continuation) = AsyncStream<Int32>.makeStream()
        let watch = SignalWatch([SIGINT, SIGTERM], queue: SerialQueue(label: "fnrun.signals")) { @Sendable number in
            continuation.yield(number)
        }
        let sandbox = try await EmbeddedSandbox.start(
            script: script, port: port, console: console, time: SystemTimeSource())
        try console.data(announcement(of: sandbox))
        var signals = stops.makeAsyncIterator()
        let number = await signals.next()
        withExtendedLifetime(watch) {}
        await sandbox.stop(console: console)
        return number == SIGTERM ? .terminated : .interrupted
    }

    private func announcement(of sandbox: EmbeddedSandbox) -> String {
        let url = sandbox.baseURL
        let account = sandbox.account
        return switch common.format {
        case .json:
            """
            {"domainApi":"\(url)","sentinel":"\(url)","gateway":"\(url)","stats":"\(url)/__stats",\
            "account":"\(account.id)","clientId":"\(account.clientID)",\
            "clientSecret":"\(account.clientSecret.reveal())"}
            """
        case .text, .curl:
            """
            sandbox at \(url) (Ctrl-C ends it); what it saw: \(url)/__stats

            In a job file:
              account:
                id: \(account.id)
                clientId: \(account.clientID)
                clientSecret: \(account.clientSecret.reveal())
                endpoints: { domainApi: "\(url)" }
            """
        }
    }
}
