import JSONText

/// An expression as it is written, before its names are looked up. Ranges are bytes of the string around it.
struct ParsedExpression {
    var operand: ParsedOperand
    var filters: [ParsedFilter]
    /// From the first brace to the last.
    var range: Range<Int>
    /// The source, braces included.
    var text: String
}

struct ParsedFilter {
    var name: String
    var nameRange: Range<Int>
    var arguments: [ParsedOperand]
}

struct ParsedOperand {
    enum Content {
        case literal(JSONValue)
        /// At least one step; the first is a name.
        case path(root: String, steps: [TemplatePath.Step])
    }

    var content: Content
    var range: Range<Int>
}

/// A string taken apart at its expressions.
enum TemplatePiece {
    case text(Range<Int>)
    case expression(ParsedExpression)
}
