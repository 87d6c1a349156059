/// Where a run's results go: encodes, appends and syncs on queues of its own.
///
/// Calls are carried out in the order in which they are made.
package protocol RunRecorder: Sendable {
    /// Writes a `window` record and reports when it is on disk (fsync). Rows of the window are sent only after that.
    func announce(_ window: PreparedBatch, then report: @escaping @Sendable (RecorderFailure?) -> Void)
    /// Writes invocation records and reports when write(2) has taken them all.
    func record(_ results: [InvocationResult], then report: @escaping @Sendable (RecorderFailure?) -> Void)
    /// Writes the summary, syncs and closes.
    func finish(_ end: RunEnd, then report: @escaping @Sendable (RecorderFailure?) -> Void)
}

/// Why records could not be written; the run stops at once.
package struct RecorderFailure: Sendable, Hashable, Error {
    /// One line with the file and the system's reason.
    package var message: String

    package init(message: String) {
        self.message = message
    }
}
