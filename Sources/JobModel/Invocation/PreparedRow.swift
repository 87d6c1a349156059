/// One row of a job's input, rendered and ready to be sent, or the reason why it never will be.
package struct PreparedRow: Sendable {
    /// The row's number from 0.
    package var index: Int
    /// The row's label; nil is the index.
    package var key: String?
    package var content: Content
    /// The outcome that an earlier run of the same result file recorded, and that this run's is to replace.
    package var previous: Outcome?

    package enum Content: Sendable {
        case request(RenderedRequest)
        /// The row could not be read (`input`) or rendered (`template`).
        case rejected(InvocationError)
        /// An earlier run may have sent it and left no record: it ends `unknown` and is not sent.
        case inDoubt(InvocationError)
    }

    package init(index: Int, key: String?, content: Content, previous: Outcome? = nil) {
        self.index = index
        self.key = key
        self.content = content
        self.previous = previous
    }
}

/// The bytes and parameters of an invocation; every attempt sends the same.
package struct RenderedRequest: Sendable {
    /// The `X-Request-ID`.
    package var requestID: String
    /// The parameter `userId`, not yet percent-encoded.
    package var userID: String
    /// The whole JSON body.
    package var body: [UInt8]
    /// Where the payload stands in ``body``.
    package var payload: Range<Int>

    package init(requestID: String, userID: String, body: [UInt8], payload: Range<Int>) {
        self.requestID = requestID
        self.userID = userID
        self.body = body
        self.payload = payload
    }
}

/// Consecutive rows, read and rendered together, and how far into the input they reach.
package struct PreparedBatch: Sendable {
    package var rows: [PreparedRow]
    /// The number of the row after the last one; equals `upTo` of the window that announces this batch.
    package var upTo: Int
    /// The input's bytes up to the end of the last row.
    package var inputBytes: Int64
    /// SHA-256 of those bytes, lower-case hexadecimal.
    package var inputSHA256: String
    /// Whether the input ends here.
    package var isLast: Bool
    /// Why the input could not be read to its end; the rows before it are whole. Implies ``isLast``.
    package var failure: String?

    package init(
        rows: [PreparedRow], upTo: Int, inputBytes: Int64, inputSHA256: String, isLast: Bool, failure: String? = nil
    ) {
        self.rows = rows
        self.upTo = upTo
        self.inputBytes = inputBytes
        self.inputSHA256 = inputSHA256
        self.isLast = isLast
        self.failure = failure
    }
}
