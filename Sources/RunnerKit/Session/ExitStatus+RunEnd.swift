internal import JobModel

extension ExitStatus {
    /// Everything that a run's end amounts to; the decisive one is the process's.
    ///
    /// - Parameters:
    ///   - tolerates: the run has a `tolerate` that it did not go past.
    ///   - signal: what a run that was told to stop ends with.
    static func statuses(of end: RunEnd, tolerates: Bool, signal: ExitStatus?) -> [ExitStatus] {
        var statuses: [ExitStatus] = []
        switch end.reason {
        case .completed: break
        case .intolerable: statuses.append(.intolerable)
        case .deadline: statuses.append(.failed)
        case .refused: statuses.append(.refused)
        case .unreachable: statuses.append(.unreachable)
        case .stopped: statuses.append(signal ?? .interrupted)
        case .input: statuses.append(.invalid)
        case .output: statuses.append(.output)
        }
        if end.own.attempts > 0, end.own.attempts == end.own.notSent { statuses.append(.unreachable) }
        // Rows that an earlier run has cancelled and this one was not to send are left undone.
        let left = end.counts.cancelled - end.own.cancelled
        if left > 0 { statuses.append(.failed) }
        if end.counts.failed + end.counts.unknown > 0, !tolerates { statuses.append(.failed) }
        return statuses
    }
}
