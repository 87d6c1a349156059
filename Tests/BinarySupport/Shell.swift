package import Foundation

/// Runs a line of bash, for the tools that every system has.
package enum Shell {
    /// - Returns: the exit code, and stdout and stderr together.
    package static func run(_ script: String, in folder: URL) async throws -> (status: Int32, output: String) {
        let scratch = try TemporaryFolder()
        let file = scratch.url.appendingPathComponent("out")
        try Data().write(to: file)
        let process = try ChildProcess(
            "/bin/bash", ["-c", script], environment: ProcessInfo.processInfo.environment, folder: folder.path,
            input: "/dev/null", output: file.path, errors: file.path)
        let status = await process.wait()
        return (status, String(decoding: try Data(contentsOf: file), as: UTF8.self))
    }
}
