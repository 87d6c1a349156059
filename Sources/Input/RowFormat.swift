import JobModel

/// Cuts the bytes of a window into rows.
protocol RowFormat {
    /// Finds the next row and consumes its bytes, its line end or separator included.
    ///
    /// At ``RowStep/end`` all bytes have been consumed.
    ///
    /// - Throws: ``InputError`` if no further row can be found.
    mutating func next(in window: ByteWindow) throws(InputError) -> RowStep
    /// Consumes the next row as ``next(in:)`` does, with the same bytes, lines and errors, but makes no value of it.
    mutating func skip(in window: ByteWindow) throws(InputError) -> RowPass
    /// What may follow the bytes that were consumed, their source having ended, without another row being read in
    /// the place of the last one.
    var mayFollow: Continuation { get }
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

/// What a format passed over; the cases are those of ``RowStep``.
enum RowPass {
    case row, end, pause

    init(_ step: RowStep) {
        switch step {
        case .row: self = .row
        case .end: self = .end
        case .pause: self = .pause
        }
    }
}

/// How an input may grow without changing the rows that it had.
enum Continuation: Equatable {
    /// The last row was ended by its own line end, separator or bracket.
    case anything
    /// The last row had no line end yet. A carriage return is one by itself, or only before a line feed.
    case lineEnd(returnSuffices: Bool)
    /// The JSON text is one value, such as a number, which digits would change.
    case jsonWhitespace
    /// The input was cut off inside a row.
    case nothing
}
