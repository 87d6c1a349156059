import Foundation
import Synchronization

/// A process that the tests started, without Foundation's `Process`: some thousand of these in one test run ended in a
/// memory fault inside `Process.run()`.
package final class ChildProcess: Sendable {
    /// What the system refused.
    package struct Failure: Error {
        package var what: String
        package var number: Int32
    }

    package let processID: Int32
    /// Nil until it has ended.
    private let status = Mutex<Int32?>(nil)
    private let ends: AsyncStream<Int32>

    /// Starts a program with signals as a shell has them, and none of the tests' descriptors.
    ///
    /// - Parameters:
    ///   - environment: all of it.
    ///   - input: a file to read; `output` and `errors`: files to write, which are there.
    package init(
        _ path: String, _ arguments: [String], environment: [String: String], folder: String, input: String,
        output: String, errors: String
    ) throws {
        var actions = posix_spawn_file_actions_t()
        var attributes = posix_spawnattr_t()
        posix_spawn_file_actions_init(&actions)
        posix_spawnattr_init(&attributes)
        defer {
            posix_spawn_file_actions_destroy(&actions)
            posix_spawnattr_destroy(&attributes)
        }
        posix_spawn_file_actions_addopen(&actions, 0, input, O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_APPEND, 0)
        posix_spawn_file_actions_addopen(&actions, 2, errors, O_WRONLY | O_APPEND, 0)
        // Closing what is not open is no error.
        for descriptor in Int32(3)..<256 { posix_spawn_file_actions_addclose(&actions, descriptor) }
        // The threads that start processes block signals, and a child inherits that.
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        sigfillset(&signals)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))

        // env(1) changes the folder and becomes the program.
        let environmentTool = "/usr/bin/env"
        var words = ([environmentTool, "-C", folder, path] + arguments).map { strdup($0) } + [nil]
        var variables = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for text in words + variables { free(text) } }
        var started: pid_t = 0
        let failure = posix_spawn(&started, environmentTool, &actions, &attributes, &words, &variables)
        guard failure == 0 else { throw Failure(what: path, number: failure) }
        processID = started
        let (ends, continuation) = AsyncStream<Int32>.makeStream()
        self.ends = ends
        Thread.detachNewThread { @Sendable [self] in
            // Seen first and reaped under the lock: no signal can go to another process of the same number.
            var information = siginfo_t()
            while waitid(P_PID, id_t(processID), &information, WEXITED | WNOWAIT) != 0, errno == EINTR {}
            continuation.yield(status.withLock { reap(into: &$0) })
            continuation.finish()
        }
    }

    private func reap(into status: inout Int32?) -> Int32 {
        var word: Int32 = 0
        while waitpid(processID, &word, 0) < 0, errno == EINTR {}
        let signal = word & 0x7F
        let code = signal == 0 ? (word >> 8) & 0xFF : 128 + signal
        status = code
        return code
    }

    package var isRunning: Bool { status.withLock { $0 == nil } }

    /// Sends a signal, unless the process has ended: its number may be another's by now.
    package func signal(_ number: Int32) {
        status.withLock { status in
            if status == nil { kill(processID, number) }
        }
    }

    /// Waits for the end; for one waiter.
    ///
    /// - Returns: the exit code; of a process that a signal ended, 128 plus the signal's number.
    package func wait() async -> Int32 {
        for await status in ends { return status }
        return status.withLock { $0 } ?? -1
    }
}
