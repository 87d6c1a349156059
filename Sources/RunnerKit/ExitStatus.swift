/// What the process tells its caller; the numbers are part of the contract with scripts.
package enum ExitStatus: Int32, Sendable, CaseIterable {
    /// All well; failures within `tolerate` included.
    case success = 0
    /// An invocation or an expectation failed.
    case failed = 1
    /// An invalid job file, or an input that is missing or unreadable.
    case invalid = 2
    /// Hosts or a token could not be had in time, or no attempt could be sent at all.
    case unreachable = 3
    /// Credentials rejected, or no such account.
    case refused = 4
    /// Failures went past `tolerate`.
    case intolerable = 5
    /// A resume was refused: input or job changed.
    case resumeRefused = 6
    /// Results could not be written.
    case output = 7
    /// Occurrences were missed.
    case missed = 8
    /// Wrong usage (`EX_USAGE` of sysexits.h).
    case usage = 64
    /// Stopped by SIGINT after draining.
    case interrupted = 130
    /// Stopped by SIGTERM after draining.
    case terminated = 143

    /// Earlier ones win when several apply.
    static let precedence: [ExitStatus] = [
        .output, .refused, .unreachable, .resumeRefused, .interrupted, .terminated, .intolerable, .invalid, .missed,
        .failed, .usage, .success,
    ]

    /// The one to exit with when several apply.
    package static func decisive(among statuses: some Collection<ExitStatus>) -> ExitStatus {
        precedence.first { statuses.contains($0) } ?? .success
    }
}
