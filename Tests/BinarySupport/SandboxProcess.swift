import Foundation

/// `fnrun sandbox` as a child process, on a port of its own; it is killed with the last reference.
package final class SandboxProcess: Sendable {
    private struct Endpoints: Decodable {
        var domainApi: String
    }

    private let process: BuiltBinary.Running
    private let binary: BuiltBinary
    /// Where all of its endpoints are, such as `http://127.0.0.1:40123`.
    package let url: String
    private let port: UInt16

    /// - Parameter script: YAML without its `version`; nil takes any account and echoes payloads.
    package static func start(script: String? = nil) async throws -> SandboxProcess {
        let binary = try BuiltBinary()
        var arguments = ["sandbox", "--port", "0", "--format", "json"]
        if let script {
            try binary.write("version: 1\n\(script)\n", to: "sandbox.yaml")
            arguments += ["--script", "sandbox.yaml"]
        }
        let process = try binary.start(arguments)
        do {
            let line = try await Polling.value(of: "the sandbox's endpoints") { () throws -> String? in
                guard process.isRunning else { throw Ended(errors: process.errorsSoFar) }
                let output = process.outputSoFar
                return output.hasSuffix("\n") ? output : nil
            }
            let endpoints = try JSONDecoder().decode(Endpoints.self, from: Data(line.utf8))
            return try SandboxProcess(process: process, binary: binary, url: endpoints.domainApi)
        } catch {
            process.signal(SIGKILL)
            throw error
        }
    }

    /// The sandbox ended before it listened.
    package struct Ended: Error {
        package var errors: String
    }

    private init(process: BuiltBinary.Running, binary: BuiltBinary, url: String) throws {
        guard let port = url.split(separator: ":").last.flatMap({ UInt16($0) }) else { throw Ended(errors: url) }
        self.process = process
        self.binary = binary
        self.url = url
        self.port = port
    }

    deinit {
        process.signal(SIGKILL)
    }

    /// What it has seen up to now.
    package func statistics() throws -> SandboxStatistics {
        let text = try LoopbackHTTP.get(port: port, path: "/__stats")
        return try JSONDecoder().decode(SandboxStatistics.self, from: Data(text.utf8))
    }

    package func signal(_ number: Int32) {
        process.signal(number)
    }

    package func result() async -> BuiltBinary.Result {
        await process.result()
    }
}
