import JobModel

extension YAMLSyntaxFailure {
    /// The failure in words for people, at the place that has to be changed.
    func diagnostic(in source: SourceText) -> Diagnostic {
        var place = source.location(ofScalar: position ?? 0)
        if let byteOffset { place = source.location(ofByte: byteOffset) }
        let (message, hint, isAtContext) = words(at: place, in: source)
        if isAtContext, let contextPosition { place = source.location(ofScalar: contextPosition) }
        return Diagnostic(
            code: DiagnosticCode.syntax.rawValue, message: message, hint: hint, file: source.file, location: place)
    }

    private typealias Words = (message: String, hint: String, isAtContext: Bool)

    private func words(at place: SourceLocation, in source: SourceText) -> Words {
        let flowHint = Self.flowHint(for: String(decoding: source.lineBytes(place.line), as: UTF8.self))
        switch problem {
        case "found character that cannot start any token":
            return Self.strangeCharacter(source.text(at: place, most: 1))
        case "mapping values are not allowed in this context":
            return (
                "a ':' that begins a value is not allowed here",
                "check the indentation, or put text that holds ': ' in quotes", false
            )
        case "block sequence entries are not allowed in this context":
            return (
                "a '-' that begins a list item is not allowed here",
                "write \"-\" for the text, or begin the list on a line of its own", false
            )
        case "did not find expected key":
            return ("expected a key here, or less indentation", "keys of one mapping begin in the same column", false)
        case "could not find expected ':'":
            return (
                "expected ':' and a value after this key",
                "write 'key: value'; text that spans lines needs quotes or '|'", true
            )
        case "did not find expected '-' indicator":
            return (
                "expected a list item ('- …') here, or less indentation",
                "items of one list begin in the same column", false
            )
        case "did not find expected ',' or '}'":
            return ("expected ',' or '}' in this {…} mapping", flowHint ?? "is a closing '}' missing?", false)
        case "did not find expected ',' or ']'":
            return ("expected ',' or ']' in this […] list", flowHint ?? "is a closing ']' missing?", false)
        case "did not find expected node content":
            return ("expected a value here", flowHint ?? "", false)
        case "found unexpected end of stream":
            return ("this quoted text is never closed", "add the closing quote", true)
        case "found unexpected document indicator":
            return ("a '---' or '...' at the start of a line inside quoted text", "close the quote first", false)
        case "found unknown escape character":
            return ("unknown escape in a double-quoted text", Self.backslashHint, false)
        case "did not find expected hexdecimal number":
            return (#"expected hexadecimal digits after \x, \u or \U"#, Self.backslashHint, false)
        case "found invalid Unicode character escape code":
            return ("this escape is no Unicode scalar (surrogates are not)", "", false)
        case "found a tab character where an indentation space is expected",
            "found a tab character that violates indentation":
            return ("a tab indents this line; YAML wants spaces", "replace the tab by spaces", false)
        case "found undefined tag handle":
            return ("unknown tag handle", "tags here are !!str, !!int, !!float, !!bool, !!null, !!seq and !!map", false)
        case "found incompatible YAML document":
            return ("unknown YAML version", "leave the %YAML line out", false)
        case "found extra ':'", "found unexpected ':'":
            return ("unexpected ':' here", "put the text in quotes", false)
        case "control characters are not allowed":
            return ("a control character, which YAML does not allow", #"write it as an escape such as "\u0007""#, false)
        case "did not find expected <document start>":
            return ("expected the end of the file here: what stands above is complete", "check the indentation", false)
        case "did not find expected alphabetic or numeric character":
            return ("expected a name after '&' or '*'", "put text that begins with '&' or '*' in quotes", false)
        case "out of memory":
            return ("out of memory", "", false)
        default:
            let doing = context.isEmpty ? "" : " \(context)"
            return ("\(problem.isEmpty ? "not readable as YAML" : problem)\(doing)", "", false)
        }
    }

    private static let backslashHint = #"write '\\' for a backslash, or use single quotes"#

    private static func strangeCharacter(_ character: String) -> Words {
        switch character {
        case "\t": ("a tab indents this line; YAML wants spaces", "replace the tab by spaces", false)
        case "@", "`": ("text cannot begin with '\(character)'", "put it in quotes", false)
        case "%": ("text cannot begin with '%'", "put it in quotes", false)
        default: ("unexpected '\(character)' here", "put the text in quotes", false)
        }
    }

    /// Braces of templates and variables are what people most often forget to quote.
    private static func flowHint(for line: String) -> String? {
        if line.utf8.contains(UInt8(ascii: "{")) {
            if contains("{{", in: line) { return "put a template in quotes: \"{{ … }}\"" }
            if contains("${", in: line) { return "inside {…} and […] a variable needs quotes: \"${…}\"" }
        }
        return nil
    }

    private static func contains(_ pair: String, in line: String) -> Bool {
        let bytes = Array(pair.utf8)
        return zip(line.utf8, line.utf8.dropFirst()).contains { $0 == bytes[0] && $1 == bytes[1] }
    }
}
