package import Foundation

/// The `fnrun` that was built together with the tests, as a child process.
package struct BuiltBinary: Sendable {
    /// What a finished process left behind.
    package struct Result: Sendable {
        /// The exit code; of a process that a signal ended, 128 plus the signal's number.
        package var status: Int32
        package var output: String
        package var errors: String

        /// The lines of stdout.
        package var lines: [String] { output.split(separator: "\n").map(String.init) }
    }

    /// A process under way.
    package final class Running: Sendable {
        private let process: ChildProcess
        private let scratch: TemporaryFolder
        private let exit: Task<Int32, Never>

        fileprivate init(process: ChildProcess, scratch: TemporaryFolder, exit: Task<Int32, Never>) {
            self.process = process
            self.scratch = scratch
            self.exit = exit
        }

        package var processID: Int32 { process.processID }
        package var isRunning: Bool { process.isRunning }

        /// Sends a signal, unless the process has ended: its number may be another's by now.
        package func signal(_ number: Int32) {
            process.signal(number)
        }

        /// What stands on stderr so far.
        package var errorsSoFar: String {
            text(of: BuiltBinary.errorsName)
        }

        /// What stands on stdout so far.
        package var outputSoFar: String {
            text(of: BuiltBinary.outputName)
        }

        private func text(of name: String) -> String {
            (try? Data(contentsOf: scratch.url.appendingPathComponent(name)))
                .map { String(decoding: $0, as: UTF8.self) } ?? ""
        }

        deinit {
            signal(SIGKILL)
        }

        package func result() async -> Result {
            let status = await exit.value
            return Result(status: status, output: outputSoFar, errors: errorsSoFar)
        }
    }

    private static let outputName = "out"
    private static let errorsName = "err"

    /// The folder in which processes are started.
    package let folder: URL
    /// Added to, or taken from, the environment of the tests.
    package var environment: [String: String?]
    /// After so many seconds a process is killed, so that no test can hang for ever.
    package var patience = 120.0
    /// Holds the folder, if it is a temporary one.
    private let lease: TemporaryFolder?

    /// - Parameter folder: nil makes a new one, which goes away with the last copy of this value.
    package init(folder: URL? = nil, environment: [String: String?] = [:]) throws {
        if let folder {
            self.folder = folder
            lease = nil
        } else {
            let lease = try TemporaryFolder()
            self.folder = lease.url
            self.lease = lease
        }
        self.environment = environment
    }

    /// The binary beside the test bundle.
    package static var url: URL {
        get throws {
            let folder = URL(
                fileURLWithPath: try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
            )
            .deletingLastPathComponent()
            let candidates = [folder, URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()]
            guard
                let found = candidates.map({ $0.appendingPathComponent("fnrun") })
                    .first(where: { FileManager.default.isExecutableFile(atPath: $0.path) })
            else { throw NotBuilt(searched: candidates.map(\.path)) }
            return found
        }
    }

    package struct NotBuilt: Error {
        package var searched: [String]
    }

    /// Writes a file into the folder.
    @discardableResult
    package func write(_ text: String, to name: String) throws -> URL {
        let file = folder.appendingPathComponent(name)
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try text.write(to: file, atomically: true, encoding: .utf8)
        return file
    }

    package func read(_ name: String) throws -> String {
        try String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8)
    }

    /// Starts the binary; it is killed after ``patience``.
    package func start(_ arguments: [String], input: String? = nil) throws -> Running {
        var variables = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("LP_") }
        for (name, value) in environment { variables[name] = value }
        let scratch = try TemporaryFolder()
        let files = ["in", Self.outputName, Self.errorsName].map { scratch.url.appendingPathComponent($0) }
        try Data((input ?? "").utf8).write(to: files[0])
        for file in files.dropFirst() { try Data().write(to: file) }
        let process = try ChildProcess(
            try Self.url.path, arguments, environment: variables, folder: folder.path, input: files[0].path,
            output: files[1].path, errors: files[2].path)
        let guardian = DispatchWorkItem { process.signal(SIGKILL) }
        DispatchQueue.global().asyncAfter(deadline: .now() + patience, execute: guardian)
        let exit = Task<Int32, Never> {
            let status = await process.wait()
            guardian.cancel()
            return status
        }
        return Running(process: process, scratch: scratch, exit: exit)
    }

    /// Runs the binary to its end.
    package func run(_ arguments: [String], input: String? = nil) async throws -> Result {
        try await start(arguments, input: input).result()
    }
}
