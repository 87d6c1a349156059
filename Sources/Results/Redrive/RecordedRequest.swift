package import JobModel

/// A row of a result file that is to be sent again.
package struct RecordedRequest: Sendable, Hashable {
    package enum Content: Sendable, Hashable {
        /// The payload as it was sent: JSON, byte for byte as recorded.
        case payload([UInt8])
        /// Why there is none, in one line, and what to do about it.
        case missing(String)
    }

    package var index: Int
    /// The row's index in decimal if the record has no key.
    package var key: String
    /// The outcome of the row's last record; nil if the row is in doubt.
    package var previous: Outcome?
    package var content: Content
}
