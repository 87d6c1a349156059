package import JobModel

extension Tolerance {
    /// A share of fewer finished invocations says too little, except at the end.
    private static let judgedFrom = 100

    /// Whether a run has had more failures than it bears.
    ///
    /// - Parameters:
    ///   - failures: invocations that ended `failed` or `unknown`.
    ///   - finished: these and the succeeded ones.
    ///   - atEnd: whether no more will come.
    package func isExceeded(failures: Int, finished: Int, atEnd: Bool) -> Bool {
        switch self {
        case .count(let most): failures > most
        case .percent(let most):
            (atEnd || finished >= Self.judgedFrom) && Double(failures) * 100 > most * Double(finished)
        }
    }
}
