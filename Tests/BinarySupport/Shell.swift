package import Foundation

/// Runs a line of bash, for the tools that every system has.
package enum Shell {
    /// - Returns: the exit code, and stdout and stderr together.
    package static func run(_ script: String, in folder: URL) async throws -> (status: Int32, output: String) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/bash")
        process.arguments = ["-c", script]
        process.currentDirectoryURL = folder
        let scratch = try TemporaryFolder()
        let file = scratch.url.appendingPathComponent("out")
        try Data().write(to: file)
        let handle = try FileHandle(forWritingTo: file)
        process.standardOutput = handle
        process.standardError = handle
        process.standardInput = FileHandle.nullDevice
        let (ends, continuation) = AsyncStream<Int32>.makeStream()
        process.terminationHandler = { ended in
            continuation.yield(ended.terminationStatus)
            continuation.finish()
        }
        try process.run()
        var status: Int32 = -1
        for await end in ends { status = end }
        return (status, String(decoding: try Data(contentsOf: file), as: UTF8.self))
    }
}
