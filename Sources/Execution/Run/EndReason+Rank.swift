import JobModel

extension RunEnd.Reason {
    /// Of several reasons to stop the one with the higher rank is the run's.
    var rank: Int {
        switch self {
        case .completed: 0
        case .deadline: 1
        case .input: 2
        case .intolerable: 3
        case .stopped: 4
        case .unreachable: 5
        case .refused: 6
        case .output: 7
        }
    }

    /// The message of invocations that are never sent for this reason.
    var cancellation: String {
        switch self {
        case .completed, .stopped: "not sent: the run was stopped"
        case .deadline: "not sent: the run's deadline has passed"
        case .input(let message): "not sent: \(message)"
        case .intolerable: "not sent: the run stopped, more invocations failed than it tolerates"
        case .unreachable(let message), .refused(let message), .output(let message): "not sent: \(message)"
        }
    }
}
