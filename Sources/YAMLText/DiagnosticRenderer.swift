package import JobModel

/// Prints diagnostics for people, as compilers do, and for programs.
///
///     job.yaml:12:5: error: unknown key 'concurency' in jobs.nightly-sync
///             concurency: 8
///             ^~~~~~~~~~
///       = help: did you mean 'concurrency'?
///
/// The source line is shown as it stands in the file: variables by their names, never by their values. What follows a
/// key that names a secret is not shown, nor what may be one in the section `account`.
package struct DiagnosticRenderer: Sendable {
    /// What stands left of a source line.
    private static let margin = 4
    private let width: Int
    /// Longer lines are cut around the caret.
    private let widestLine: Int
    private let isColored: Bool

    /// - Parameter width: of the terminal; source lines are cut so that carets stay under what they mean.
    package init(color: Bool = false, width: Int = .max) {
        isColored = color
        self.width = width
        // The ellipsis takes a cell, and half of a wide character another.
        widestLine = max(20, min(100, width - Self.margin - 2))
    }

    /// How far left of the caret a cut line begins.
    private var leading: Int { widestLine * 2 / 5 }

    /// All diagnostics, each with its source line if its file is among the sources; ends with a line break.
    package func text(_ diagnostics: [Diagnostic], sources: [SourceText]) -> String {
        let byFile = Dictionary(sources.map { ($0.file, $0) }) { first, _ in first }
        return diagnostics.reduce(into: "") { text, diagnostic in
            text += self.text(diagnostic, source: byFile[diagnostic.file])
        }
    }

    /// One diagnostic of one or several lines, with a line break at the end.
    package func text(_ diagnostic: Diagnostic, source: SourceText?) -> String {
        var place = Self.printable(diagnostic.file)
        if let location = diagnostic.location { place += ":\(location.line):\(location.column)" }
        let severity = colored(diagnostic.severity.rawValue, diagnostic.severity == .error ? "1;31" : "1;35")
        // The severity is coloured after the width of the line is known.
        var head = wrapped(
            "\(place): \(diagnostic.severity.rawValue): \(Self.printable(diagnostic.message))", rest: "  ")
        if let range = head.firstRange(of: ": \(diagnostic.severity.rawValue): ") {
            head.replaceSubrange(range, with: ": \(severity): ")
        }
        var text = head
        if let location = diagnostic.location, let source, location.line <= source.lineCount {
            let line = source.shownLine(location.line)
            let excerpt = excerpt(of: line, around: location)
            text += "    \(excerpt.line)\n    \(excerpt.indentation)\(colored(excerpt.marker, "1;32"))\n"
        }
        if !diagnostic.hint.isEmpty {
            text += wrapped(Self.printable(diagnostic.hint), first: "  = help: ", rest: "    ")
        }
        return text
    }

    /// A JSON array of `{"file","line","column","severity","code","message","hint"}`, one object a line; `line` and
    /// `column` are left out for a problem of a whole file, `hint` if there is none.
    package static func json(_ diagnostics: [Diagnostic]) -> String {
        let objects = diagnostics.map { diagnostic in
            var members = ["\"file\":\(quoted(diagnostic.file))"]
            if let location = diagnostic.location {
                members.append("\"line\":\(location.line)")
                members.append("\"column\":\(location.column)")
            }
            members.append("\"severity\":\(quoted(diagnostic.severity.rawValue))")
            members.append("\"code\":\(quoted(diagnostic.code))")
            members.append("\"message\":\(quoted(diagnostic.message))")
            if !diagnostic.hint.isEmpty { members.append("\"hint\":\(quoted(diagnostic.hint))") }
            return "{" + members.joined(separator: ",") + "}"
        }
        return objects.isEmpty ? "[]" : "[\n" + objects.joined(separator: ",\n") + "\n]"
    }

    /// Text as lines that fit the terminal, with a line break at the end.
    private func wrapped(_ text: String, first: String = "", rest: String) -> String {
        WrappedText.lines(text, first: first, rest: rest, width: width).joined(separator: "\n") + "\n"
    }

    private func colored(_ text: String, _ code: String) -> String {
        isColored ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
    }

    /// The part of a line around a place, with what stands under it.
    private func excerpt(
        of bytes: ArraySlice<UInt8>, around location: SourceLocation
    ) -> (line: String, indentation: String, marker: String) {
        let first = location.column + leading / 2 <= widestLine ? 1 : location.column - leading
        var line = first > 1 ? "…" : ""
        var width = first > 1 ? 1 : 0
        var indentation = 0
        var marked = 0
        // Whole lines may have megabytes: only the excerpt is decoded.
        let (bytes, skipped) = Self.dropping(first - 1, from: bytes)
        var column = skipped
        var decoder = UTF8()
        var iterator = bytes.makeIterator()
        decoding: while true {
            let scalar: Unicode.Scalar
            switch decoder.decode(&iterator) {
            case .scalarValue(let value): scalar = value
            case .error: scalar = "\u{FFFD}"
            case .emptyInput: break decoding
            }
            column += 1
            guard width < widestLine else {
                line += "…"
                break
            }
            let tab = String(repeating: " ", count: 4 - width % 4)
            let shown = scalar == "\t" ? tab : Self.printable(scalar)
            let cells = scalar == "\t" ? tab.utf8.count : DisplayWidth.cells(of: scalar)
            if column < location.column {
                indentation = width + cells
            } else if column < location.column + location.length {
                marked += cells
            }
            line += shown
            width += cells
        }
        // A place at the end of the line, or beyond it.
        if column < location.column { indentation = width + min(location.column - column - 1, 1) }
        let marker = "^" + String(repeating: "~", count: max(0, min(marked, widestLine) - 1))
        return (line, String(repeating: " ", count: indentation), marker)
    }

    /// The bytes after so many scalars, and how many scalars there were to leave out.
    private static func dropping(_ count: Int, from bytes: ArraySlice<UInt8>) -> (ArraySlice<UInt8>, Int) {
        var left = 0
        for position in bytes.indices where bytes[position] & 0xC0 != 0x80 {
            if left == count { return (bytes[position...], left) }
            left += 1
        }
        return (bytes[bytes.endIndex...], left)
    }

    /// Text without characters that could steer a terminal or hide something.
    private static func printable(_ text: String) -> String {
        text.unicodeScalars.reduce(into: "") { $0 += printable($1) }
    }

    private static func printable(_ scalar: Unicode.Scalar) -> String {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate: "\u{FFFD}"
        default: String(scalar)
        }
    }

    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\t": result += "\\t"
            case "\u{0}"..."\u{1F}":
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
