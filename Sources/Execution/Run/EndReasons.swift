import JobModel

/// Every reason that a run was given to end. Of several reasons of one kind the first is kept.
struct EndReasons {
    private var raised: [RunEnd.Reason] = []

    mutating func insert(_ new: RunEnd.Reason) {
        if !raised.contains(where: { $0.rank == new.rank }) { raised.append(new) }
    }

    /// The one with the highest rank; `completed` if there is none.
    ///
    /// - Parameter isMoot: which reasons count for nothing.
    func gravest(unless isMoot: (RunEnd.Reason) -> Bool = { _ in false }) -> RunEnd.Reason {
        var gravest = RunEnd.Reason.completed
        for reason in raised where reason.rank > gravest.rank && !isMoot(reason) { gravest = reason }
        return gravest
    }
}
