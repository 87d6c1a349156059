import JobModel

/// The rows of a result file that are to be sent again: those whose last record is `failed` or `cancelled`.
package struct RedriveSet: Sendable {
    /// Of the file that the rows are taken from.
    package let history: ResultHistory
    private let takesUnknown: Bool
    /// Rows in the set.
    package let count: Int

    /// - Parameter takesUnknown: also rows whose last record is `unknown`, and those with a record that have been put
    ///   in doubt since. Rows without any record are never redriven.
    package init(_ history: ResultHistory, takesUnknown: Bool) {
        self.history = history
        self.takesUnknown = takesUnknown
        var count = 0
        history.generation.visit { _, code, isInDoubt in
            if Self.isWanted(code, isInDoubt: isInDoubt, takesUnknown: takesUnknown) { count += 1 }
        }
        self.count = count
    }

    package func contains(_ index: Int) -> Bool {
        guard let code = history.generation.lastRecord(of: index) else { return false }
        let isInDoubt = history.generation.state(of: index) == .inDoubt
        return Self.isWanted(code, isInDoubt: isInDoubt, takesUnknown: takesUnknown)
    }

    /// The first row of the set from `start` on; nil if there is none.
    package func next(from start: Int) -> Int? {
        history.generation.next(from: start) { code, isInDoubt in
            Self.isWanted(code, isInDoubt: isInDoubt, takesUnknown: takesUnknown)
        }
    }

    private static func isWanted(_ code: RowCode, isInDoubt: Bool, takesUnknown: Bool) -> Bool {
        if isInDoubt { return takesUnknown }
        return switch code.outcome {
        case .succeeded: false
        case .failed, .cancelled: true
        case .unknown: takesUnknown
        }
    }
}
