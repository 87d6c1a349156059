package import JSONText
package import JobModel

/// One row of an input: its value, or why it has none.
package struct InputRow: Sendable {
    package enum Content: Sendable {
        case value(JSONValue)
        /// The row cannot be read; the input goes on after it. Class `input`; the message names the line.
        case bad(InvocationError)
    }

    /// The row's number from 0; bad rows count.
    package var index: Int
    /// The line on which the row begins, from 1; of inline items the item's number.
    package var line: Int
    package var content: Content

    package init(index: Int, line: Int, content: Content) {
        self.index = index
        self.line = line
        self.content = content
    }
}

/// Consecutive rows, and how far into the input they reach.
package struct RowBatch: Sendable {
    package var rows: [InputRow]
    /// The number of the row after the last one.
    package var upTo: Int
    /// The input's bytes up to the end of the last row, its line end included; of the last batch of an input that
    /// was read to its end, all bytes. Bytes of compressed data are counted as they are after decompression.
    package var inputBytes: Int64
    /// SHA-256 of those bytes, lower-case hexadecimal.
    package var inputSHA256: String
    /// No row follows.
    package var isLast: Bool
    /// Why the input could not be read to its end; the rows before are whole. Implies ``isLast``.
    package var failure: String?
}
