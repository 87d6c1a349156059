internal import JobModel
internal import Results
internal import Sandbox
internal import YAMLText

/// The sandbox that `--sandbox` starts in the process; requests go to it over loopback sockets, as to the platform.
struct EmbeddedSandbox: Sendable {
    private let server: SandboxServer

    /// - Throws: ``CommandFailure`` with status 2 for a script with problems, 3 if no socket can be had.
    static func start(
        script path: String?, port: Int = 0, console: Console, time: any TimeSource
    ) async throws -> EmbeddedSandbox {
        var configuration = SandboxConfiguration(port: port, time: time)
        if let path {
            let result = SandboxScript.load(path: path)
            let sources = result.source.map { [$0] } ?? []
            guard let script = result.script else {
                throw CommandFailure(.invalid, result.diagnostics, sources: sources, by: console.renderer)
            }
            console.warn(result.diagnostics, sources: sources)
            configuration.script = script
        }
        do throws(SandboxError) {
            return EmbeddedSandbox(server: try await SandboxServer.start(configuration))
        } catch {
            throw CommandFailure(.unreachable, "the sandbox does not start: \(error.message)")
        }
    }

    var account: Account { server.account }
    var baseURL: String { server.baseURL }

    /// Tells of deviations from the protocol, which a job file of the user cannot cause.
    func stop(console: Console) async {
        let statistics = server.statistics()
        if statistics.deviationCount > 0 {
            let count = DisplayText.count(statistics.deviationCount, "deviation", "deviations")
            console.error("the sandbox saw \(count) from the protocol:")
            for deviation in statistics.deviations.prefix(10) {
                console.error("  \(deviation.endpoint.rawValue): \(deviation.message)")
            }
        }
        await server.shutdown()
    }
}
