package import JobModel

/// What a result file says of one row.
package enum RowState: Sendable, Hashable {
    /// No run has announced it.
    case unrecorded
    /// Its last record stands.
    case recorded(Outcome, ErrorClass?)
    /// A run announced it, and ended without a word of it: it may have been sent since its last record, if it has one.
    case inDoubt

    /// As what a run that accepts changes carries the row over; nil if there is nothing to carry. A row in doubt has
    /// no record under its new number: it is carried as `unknown`, lest a crash let it look untouched.
    package var carriedOutcome: Outcome? {
        switch self {
        case .unrecorded: nil
        case .recorded(let outcome, _): outcome
        case .inDoubt: .unknown
        }
    }
}
