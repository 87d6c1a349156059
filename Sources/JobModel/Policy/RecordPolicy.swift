/// What result records carry besides the outcome.
package struct RecordPolicy: Sendable, Hashable {
    /// The payload as it was sent.
    package var request = false
    /// The answer as it was received.
    package var response = true
    /// A longer answer is cut to a string of so many bytes.
    package var maxResponse = 64 * 1024

    package init() {}
}
