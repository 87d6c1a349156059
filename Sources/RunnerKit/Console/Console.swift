internal import Glibc
internal import JobModel
internal import Synchronization

/// The two ways out to a person or a program: stdout for what was asked for, stderr for everything else.
///
/// Every call is one write, so that lines of different threads never mix. The live progress line is taken away
/// before other text is written to the terminal and comes back with the next update.
package final class Console: Sendable {
    /// Whether stderr is a terminal that can redraw a line.
    package let isTerminal: Bool
    /// Whether text for people may be coloured.
    package let usesColor: Bool
    /// The same of text on stdout.
    package let outputUsesColor: Bool
    /// Whether what was asked for goes to a terminal.
    let outputIsTerminal: Bool
    private let isQuiet: Bool
    private let tellsFailuresAsJSON: Bool
    private let liveLine = Mutex("")
    /// To the line's beginning, and nothing after it (ECMA-48: CR, EL).
    private static let eraseLine = "\r\u{1B}[K"

    /// - Parameters:
    ///   - quiet: notices and progress are dropped; errors still appear.
    ///   - color: nil lets the terminal decide.
    ///   - format: how failures are told.
    package init(
        quiet: Bool, color: Bool?, format: CommonSettings.Format = .text, environment: [String: String]
    ) {
        let terminal = isatty(STDERR_FILENO) == 1 && environment["TERM"] != "dumb"
        isTerminal = terminal
        outputIsTerminal = isatty(STDOUT_FILENO) == 1
        isQuiet = quiet
        tellsFailuresAsJSON = format == .json
        let mayColor = (environment["NO_COLOR"] ?? "").isEmpty
        usesColor = color ?? (terminal && mayColor)
        outputUsesColor = color ?? (outputIsTerminal && environment["TERM"] != "dumb" && mayColor)
    }

    /// A reader of stdout or stderr that goes away must not end the process in the middle of a run (SIGPIPE, pipe(7)):
    /// a failed write to stdout is told, one to stderr can be told to nobody.
    package static func ignoreBrokenPipes() {
        signal(SIGPIPE, SIG_IGN)
    }

    /// The width that text on stderr may have: the terminal's, or any if something else reads it.
    package var width: Int { Self.columns(of: STDERR_FILENO) }

    /// The same of tables on stdout.
    package var outputWidth: Int { Self.columns(of: STDOUT_FILENO) }

    /// The width that sentences on stdout are broken at.
    var outputProseWidth: Int { Swift.min(outputWidth, WrappedText.readableWidth) }

    private static func columns(of descriptor: Int32) -> Int {
        guard isatty(descriptor) == 1 else { return .max }
        var size = winsize()
        // A terminal that does not know its size is 80 wide, as it always was.
        guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
        return Int(size.ws_col)
    }

    /// Writes what was asked for to stdout. The live line makes way: both may be the same terminal.
    ///
    /// - Throws: ``CommandFailure`` with status 7 if stdout takes no more (closed pipe, full disk).
    package func data(_ bytes: [UInt8]) throws(CommandFailure) {
        let isWritten = liveLine.withLock { line in
            if outputIsTerminal, !line.isEmpty {
                line = ""
                _ = Self.write(Array(Self.eraseLine.utf8), to: STDERR_FILENO)
            }
            return Self.write(bytes, to: STDOUT_FILENO)
        }
        guard isWritten else {
            throw CommandFailure(.output, "stdout cannot be written: \(String(cString: strerror(errno)))")
        }
    }

    /// Writes text that was asked for to stdout, with a line feed at its end.
    package func data(_ text: String) throws(CommandFailure) {
        try data(Array(text.utf8) + (text.hasSuffix("\n") ? [] : [UInt8(ascii: "\n")]))
    }

    /// Says something to the person at the terminal; dropped under `--quiet`.
    package func notice(_ text: String) {
        guard !isQuiet else { return }
        say(text)
    }

    /// Says what went wrong, `--quiet` or not.
    package func error(_ text: String) {
        say(text)
    }

    /// Says why a command could not do its work: for people, or as one line of JSON under `--format json`.
    package func failure(_ failure: CommandFailure) {
        say(tellsFailuresAsJSON ? failure.json : failure.message)
    }

    /// Writes a line to stderr above the live line.
    package func say(_ text: String) {
        liveLine.withLock { line in
            let erase = line.isEmpty ? "" : Self.eraseLine
            line = ""
            _ = Self.write(Array((erase + text + (text.hasSuffix("\n") ? "" : "\n")).utf8), to: STDERR_FILENO)
        }
    }

    /// Shows text in the terminal's last line in place of what stood there; empty text takes it away.
    package func showLiveLine(_ text: String) {
        guard isTerminal, !isQuiet else { return }
        liveLine.withLock { line in
            guard !(line.isEmpty && text.isEmpty) else { return }
            line = text
            _ = Self.write(Array(("\r" + text + "\u{1B}[K").utf8), to: STDERR_FILENO)
        }
    }

    private static func write(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
        bytes.withUnsafeBytes { buffer in
            var rest = buffer[...]
            while !rest.isEmpty {
                let count = Glibc.write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
                if count < 0 {
                    guard errno == EINTR || errno == EAGAIN else { return false }
                    var ready = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                    _ = poll(&ready, 1, 1000)
                    continue
                }
                rest = rest.dropFirst(count)
            }
            return true
        }
    }
}
