package import JobModel
internal import YAMLText

/// Reads `.env` files: `KEY=VALUE` lines with `export` before them if one likes, comments and quotes.
///
/// Unquoted values end at ` #` or the line's end and are trimmed. In single quotes everything is literal; in double
/// quotes `\n`, `\r`, `\t`, `\"`, `\\` and `\$` are escapes; both may go over several lines. Nothing is filled in: a
/// `$` is a `$`. Of a key given twice the last value counts. Messages never show values.
package struct DotEnv {
    package private(set) var values: [String: String] = [:]
    package private(set) var diagnostics: [Diagnostic] = []
    private let source: SourceText
    private var position = 0

    /// - Parameter file: the path as the user gave it, for diagnostics. Their source lines must not be shown: they may
    ///   hold secrets.
    package init(file: String, bytes: [UInt8]) {
        source = SourceText(file: file, bytes: bytes)
        do throws(UTF8.ValidationError) {
            _ = try UTF8Span(validating: source.bytes.span)
        } catch {
            report("not UTF-8", hint: "save the file as UTF-8", at: error.byteOffsets.lowerBound)
            return
        }
        while position < source.bytes.count { readLine() }
    }

    /// Reads a file.
    ///
    /// - Returns: nil if there is no such file; a file that cannot be read has a diagnostic.
    package static func read(_ path: String) -> DotEnv? {
        do throws(FileBytes.Failure) {
            return DotEnv(file: path, bytes: try FileBytes.read(path, limit: 1 << 20))
        } catch {
            guard !error.isMissing else { return nil }
            var empty = DotEnv(file: path, bytes: [])
            empty.diagnostics.append(
                Diagnostic(
                    code: DiagnosticCode.unreadable.rawValue, message: "cannot read the file: \(error.reason)",
                    file: path))
            return empty
        }
    }

    private var current: UInt8? {
        position < source.bytes.count ? source.bytes[position] : nil
    }

    private mutating func readLine() {
        skipBlanks()
        guard let first = current, !Self.isBreak(first), first != UInt8(ascii: "#") else { return skipLine() }
        var start = position
        var name = takeName()
        if name == "export", let next = current, Self.isBlank(next) {
            skipBlanks()
            start = position
            name = takeName()
        }
        skipBlanks()
        guard !name.isEmpty else {
            report("expected a name and '='", hint: "lines look like NAME=value", at: start)
            return skipLine()
        }
        guard current == UInt8(ascii: "=") else {
            report("expected '=' after the name", hint: "lines look like NAME=value", at: position)
            return skipLine()
        }
        position += 1
        skipBlanks()
        guard let value = takeValue() else { return skipLine() }
        values[name] = value
        skipLine()
    }

    private mutating func takeValue() -> String? {
        guard let first = current, first == UInt8(ascii: "\"") || first == UInt8(ascii: "'") else {
            return takeUnquoted()
        }
        let start = position
        position += 1
        guard let value = takeQuoted(by: first) else {
            report("this quote is never closed", hint: "add the closing quote", at: start)
            position = source.bytes.count
            return nil
        }
        skipBlanks()
        if let next = current, !Self.isBreak(next), next != UInt8(ascii: "#") {
            report("unexpected text after the closing quote", hint: "put the whole value in quotes", at: position)
            return nil
        }
        return value
    }

    private mutating func takeUnquoted() -> String {
        let start = position
        var end = position
        while let byte = current, !Self.isBreak(byte) {
            let isComment = byte == UInt8(ascii: "#") && (position == start || Self.isBlank(source.bytes[position - 1]))
            if isComment { break }
            position += 1
            if !Self.isBlank(byte) { end = position }
        }
        return String(decoding: source.bytes[start..<end], as: UTF8.self)
    }

    private mutating func takeQuoted(by quote: UInt8) -> String? {
        var value: [UInt8] = []
        while let byte = current {
            position += 1
            if byte == quote { return String(decoding: value, as: UTF8.self) }
            guard byte == UInt8(ascii: "\\"), quote == UInt8(ascii: "\""), let next = current else {
                value.append(byte)
                continue
            }
            position += 1
            switch next {
            case UInt8(ascii: "n"): value.append(UInt8(ascii: "\n"))
            case UInt8(ascii: "r"): value.append(UInt8(ascii: "\r"))
            case UInt8(ascii: "t"): value.append(UInt8(ascii: "\t"))
            case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "$"): value.append(next)
            default: value += [byte, next]
            }
        }
        return nil
    }

    private mutating func takeName() -> String {
        let start = position
        while let byte = current, VariableText.isNamePart(byte, isFirst: position == start) { position += 1 }
        return String(decoding: source.bytes[start..<position], as: UTF8.self)
    }

    private mutating func skipBlanks() {
        while let byte = current, Self.isBlank(byte) { position += 1 }
    }

    private mutating func skipLine() {
        while let byte = current {
            position += 1
            if byte == UInt8(ascii: "\n") { return }
        }
    }

    private mutating func report(_ message: String, hint: String, at position: Int) {
        diagnostics.append(
            Diagnostic(
                code: DiagnosticCode.syntax.rawValue, message: message, hint: hint, file: source.file,
                location: source.location(ofByte: position)))
    }

    private static func isBlank(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t")
    }

    private static func isBreak(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r")
    }
}
