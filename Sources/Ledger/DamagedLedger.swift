/// A ledger that was found damaged when it was opened, and moved aside; a new one has been begun.
package struct DamagedLedger: Sendable, Hashable {
    /// Where the database was.
    package let original: String
    /// Where it is now.
    package let path: String
    /// What is wrong with it.
    package let reason: String

    /// One line for the log, as an error: what was done, what it means, and what to do.
    package var message: String {
        "the ledger \(original) was damaged (\(reason)) and is now \(path); a new one has been begun. What ran so far is "
            + "not known any more: nothing before this moment is caught up, and what looks further back, such as "
            + "--since, may run occurrences a second time. `sqlite3 \(path) .recover` may save the old records."
    }
}

/// A ledger to read and write.
package struct OpenedLedger: Sendable {
    package let ledger: SQLiteLedger
    /// To be told; nil if all was well. Schedules should then be registered from this moment on: see
    /// ``DamagedLedger/message``.
    package let damaged: DamagedLedger?
}
