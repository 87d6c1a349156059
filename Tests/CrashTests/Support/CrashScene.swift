import BinarySupport
import Foundation
import Reactor
import Sandbox
import TestSupport

/// A job, a folder with its files, and a sandbox that outlives the processes that come and go.
struct CrashScene: Sendable {
    let job: CrashJob
    let binary: BuiltBinary
    let sandbox: SandboxServer

    struct BadScript: Error {
        var problems: String
    }

    /// Sets a scene for `body` and takes it down.
    ///
    /// - Parameters:
    ///   - script: nil is the job's own.
    ///   - seed: of the sandbox's failures by chance.
    static func with<Value>(
        _ job: CrashJob, script: String? = nil, seed: UInt64 = 1, body: (CrashScene) async throws -> Value
    ) async throws -> Value {
        let loading = SandboxScript.load(bytes: Array((script ?? job.script(seed: seed)).utf8), file: "sandbox.yaml")
        guard let script = loading.script else { throw BadScript(problems: "\(loading.diagnostics)") }
        let sandbox = try await SandboxServer.start(SandboxConfiguration(script: script, time: SystemTimeSource()))
        do {
            let binary = try BuiltBinary()
            try await job.write(to: binary, domainAPI: sandbox.baseURL)
            let value = try await body(CrashScene(job: job, binary: binary, sandbox: sandbox))
            await sandbox.shutdown()
            return value
        } catch {
            await sandbox.shutdown()
            throw error
        }
    }

    /// The arguments of the first run, or of one that goes on with the result file if there is one.
    func arguments(shard: Int = 1, _ further: [String] = []) -> [String] {
        let output = job.output(of: shard)
        let exists = FileManager.default.fileExists(atPath: binary.folder.appendingPathComponent(output).path)
        var arguments = ["replay", "job.yaml", "--job", "work", "--from", job.inputName, "--progress", "none"]
        // Of a shard, the part of the name that tells it is added to --output, not to --resume.
        arguments += exists ? ["--resume", output] : ["--output", "out.jsonl"]
        if job.shards > 1 { arguments += ["--shard", "\(shard)/\(job.shards)"] }
        return arguments + further
    }

    func start(shard: Int = 1, _ further: [String] = []) throws -> BuiltBinary.Running {
        try binary.start(arguments(shard: shard, further), input: job.feed == .stdin ? job.lines : nil)
    }

    func run(shard: Int = 1, _ further: [String] = []) async throws -> BuiltBinary.Result {
        try await start(shard: shard, further).result()
    }

    /// The result file as it is; one that is not there is empty.
    func audit(shard: Int = 1) -> ResultAudit {
        let url = binary.folder.appendingPathComponent(job.output(of: shard))
        return ResultAudit((try? Data(contentsOf: url)).map(Array.init) ?? [])
    }

    /// What `fnrun report` says of the result file.
    func report(shard: Int = 1) async throws -> String {
        try await binary.run(["report", job.output(of: shard), "--format", "json"]).output
    }

    /// How many requests the gateway has received.
    var received: Int { sandbox.statistics().invocations }

    /// How often the sandbox ran a function for a row.
    func executions(of row: Int) -> Int {
        sandbox.executions(ofPayload: Array(job.payload(of: row).utf8))
    }

    /// How often it did for each row.
    func executions() -> [Int] {
        (0..<job.rows).map { executions(of: $0) }
    }

    /// Waits until the sandbox has read everything that a process sent which is no more.
    ///
    /// What stands in its sockets is read in the same turns of its event loop, or before them, in which further
    /// connections are accepted, read and answered.
    func settle() throws {
        for _ in 0..<3 {
            _ = try LoopbackHTTP.get(port: UInt16(sandbox.port), path: "/__stats")
        }
    }
}
