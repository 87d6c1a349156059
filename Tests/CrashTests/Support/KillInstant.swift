import BinarySupport
import Sandbox
import TestSupport

/// When a process is to be hit: drawn by chance, spread over its start, its work and its end.
enum KillInstant: Sendable, CustomStringConvertible {
    /// So long after the process was started.
    case afterStart(Duration)
    /// So long after the sandbox has received that many further requests.
    case afterRequests(Int, then: Duration)

    var description: String {
        switch self {
        case .afterStart(let delay): "\(delay) after the start"
        case .afterRequests(let count, let delay): "\(delay) after \(count) requests"
        }
    }

    /// - Parameters:
    ///   - remaining: about how many requests the process has to send.
    ///   - soon: hit it while it starts.
    static func draw(remaining: Int, soon: Bool, using random: inout some RandomNumberGenerator) -> KillInstant {
        let pause = Duration.microseconds(Int.random(in: 0...4_000, using: &random))
        switch Int.random(in: 0..<10, using: &random) {
        case _ where soon, 0, 1:
            return .afterStart(.microseconds(Int.random(in: 0...120_000, using: &random)))
        case 2...6:
            return .afterRequests(Int.random(in: 1...max(1, remaining), using: &random), then: pause)
        default:
            // The last requests, the last records, the summary.
            let left = Int.random(in: 0...min(12, remaining), using: &random)
            return .afterRequests(remaining - left, then: pause * Int.random(in: 0...10, using: &random))
        }
    }

    /// Waits for the instant; returns early if the process ends before.
    func wait(for process: BuiltBinary.Running, received: Int, at sandbox: SandboxServer) async throws {
        switch self {
        case .afterStart(let delay):
            try await Task.sleep(for: delay)
        case .afterRequests(let count, let delay):
            while process.isRunning, sandbox.statistics().invocations < received + count {
                try await Task.sleep(for: .milliseconds(1))
            }
            try await Task.sleep(for: delay)
        }
    }
}
