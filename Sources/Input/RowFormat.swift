import JobModel

/// Cuts the bytes of a window into rows.
protocol RowFormat {
    /// Finds the next row and consumes its bytes, its line end or separator included.
    ///
    /// At ``RowStep/end`` all bytes have been consumed.
    ///
    /// - Throws: ``InputError`` if no further row can be found.
    mutating func next(in window: ByteWindow) throws(InputError) -> RowStep
}

/// What a format found.
enum RowStep {
    case row(line: Int, content: InputRow.Content)
    case end
    /// No row yet, and the source would have to be waited for. Asked again, the row is begun anew.
    case pause

    /// A bad row, with a message that begins with its line.
    static func bad(line: Int, _ reason: String) -> RowStep {
        .row(line: line, content: .bad(InvocationError(.input, message: "line \(line): \(reason)")))
    }

    static func tooLong(line: Int, limit: Int) -> RowStep {
        bad(line: line, tooLongWords(limit))
    }

    static func tooLongWords(_ limit: Int) -> String {
        "the row is longer than \(limit >= 1 << 20 ? "\(limit >> 20) MiB" : "\(limit) bytes")"
    }
}
