package import JobModel

/// What an earlier run recorded of a row that a changed input has under another number.
package struct CarriedRow: Sendable {
    /// The row's number now.
    package var index: Int
    /// Nil is the index.
    package var key: String?
    /// A row in doubt is carried as `unknown`.
    package var outcome: Outcome
    package var errorClass: ErrorClass?

    package init(index: Int, key: String?, outcome: Outcome, errorClass: ErrorClass? = nil) {
        self.index = index
        self.key = key
        self.outcome = outcome
        self.errorClass = errorClass
    }
}
