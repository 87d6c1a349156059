package import JobModel

/// The text of a file, cut into lines: turns offsets into places, and places into lines for diagnostics.
///
/// Lines end with LF, CR LF or CR (YAML 1.2.2, section 5.4), columns count Unicode scalars. A byte order mark is left
/// out. Bytes that are not UTF-8 are tolerated here: every byte that is no continuation byte counts as a scalar.
package struct SourceText: Sendable {
    /// The path as the user gave it.
    package let file: String
    /// The content without a byte order mark.
    package let bytes: [UInt8]
    /// Where each line begins, in bytes; never empty.
    private let byteStarts: [Int]
    /// Where each line begins, in Unicode scalars; the same array if the text is ASCII.
    private let scalarStarts: [Int]
    /// The number of Unicode scalars.
    package let scalarCount: Int

    package init(file: String, bytes: [UInt8]) {
        self.file = file
        let hasMark = bytes.starts(with: [0xEF, 0xBB, 0xBF])
        self.bytes = hasMark ? Array(bytes.dropFirst(3)) : bytes
        let isASCII = self.bytes.withUnsafeBufferPointer { text in text.allSatisfy { $0 < 0x80 } }
        var byteStarts = [0]
        var scalarStarts = [0]
        var scalars = 0
        self.bytes.withUnsafeBufferPointer { text in
            for position in text.indices {
                let byte = text[position]
                if byte & 0xC0 != 0x80 { scalars += 1 }
                let isLastOfBreak =
                    byte == UInt8(ascii: "\n")
                    || byte == UInt8(ascii: "\r")
                        && (position + 1 == text.count || text[position + 1] != UInt8(ascii: "\n"))
                guard isLastOfBreak else { continue }
                byteStarts.append(position + 1)
                if !isASCII { scalarStarts.append(scalars) }
            }
        }
        self.byteStarts = byteStarts
        self.scalarStarts = isASCII ? byteStarts : scalarStarts
        scalarCount = scalars
    }

    package var lineCount: Int { byteStarts.count }

    /// The bytes of a line without its break; empty for a number that is out of range.
    ///
    /// - Parameter number: from 1.
    package func lineBytes(_ number: Int) -> ArraySlice<UInt8> {
        guard number >= 1, number <= byteStarts.count else { return [] }
        let start = byteStarts[number - 1]
        var end = number < byteStarts.count ? byteStarts[number] : bytes.count
        while end > start, bytes[end - 1] == UInt8(ascii: "\n") || bytes[end - 1] == UInt8(ascii: "\r") { end -= 1 }
        return bytes[start..<end]
    }

    /// The place of a Unicode scalar, counted from 0.
    ///
    /// - Parameter end: the scalar after the last one to underline; what lies on further lines is not underlined.
    package func location(ofScalar index: Int, upTo end: Int? = nil) -> SourceLocation {
        var line = 0
        return location(ofScalar: index, upTo: end, near: &line)
    }

    /// The same for one who asks for many places in the order of the text.
    ///
    /// - Parameter line: of the place before, from 0; then of this one.
    func location(ofScalar index: Int, upTo end: Int? = nil, near line: inout Int) -> SourceLocation {
        let index = min(max(index, 0), scalarCount)
        line = Self.line(of: index, in: scalarStarts, near: line)
        let column = index - scalarStarts[line]
        var length = 1
        if var end, end > index {
            if line + 1 < scalarStarts.count, end >= scalarStarts[line + 1] {
                let lineBreak = byteStarts[line + 1] - lineBytes(line + 1).endIndex
                end = scalarStarts[line + 1] - lineBreak
            }
            length = max(1, end - index)
        }
        return SourceLocation(line: line + 1, column: column + 1, length: length)
    }

    /// Whether no line break lies between two scalars, or before the second of them.
    ///
    /// - Parameter line: of the first one, from 0.
    func isOnOneLine(from start: Int, to end: Int, near line: Int) -> Bool {
        Self.line(of: min(start, scalarCount), in: scalarStarts, near: line)
            == Self.line(of: min(end, scalarCount), in: scalarStarts, near: line)
    }

    /// The place of a byte, counted from 0.
    package func location(ofByte offset: Int) -> SourceLocation {
        let offset = min(max(offset, 0), bytes.count)
        let line = Self.line(of: offset, in: byteStarts)
        let column = bytes[byteStarts[line]..<offset].reduce(into: 0) { count, byte in
            count += byte & 0xC0 != 0x80 ? 1 : 0
        }
        return SourceLocation(line: line + 1, column: column + 1)
    }

    /// The scalars from a place to the end of its line, at most so many.
    package func text(at location: SourceLocation, most count: Int) -> String {
        let line = String(decoding: lineBytes(location.line), as: UTF8.self)
        return String(String.UnicodeScalarView(line.unicodeScalars.dropFirst(location.column - 1).prefix(count)))
    }

    /// A line as diagnostics show it: without what may be a secret.
    func shownLine(_ line: Int) -> ArraySlice<UInt8> {
        let bytes = lineBytes(line)
        return SecretMask.masked(AccountLine.contains(line, of: self) ? AccountLine.masked(bytes) : bytes)
    }

    /// Whether a line holds what diagnostics must not show.
    func hidesPart(ofLine line: Int) -> Bool { shownLine(line) != lineBytes(line) }

    private static func line(of position: Int, in starts: [Int], near guess: Int = 0) -> Int {
        var low = 0
        var high = starts.count
        if guess < high, starts[guess] <= position {
            low = guess
            // Most often it is that line or one of the next.
            for next in guess + 1..<min(guess + 4, high) where position < starts[next] { return next - 1 }
        }
        while high - low > 1 {
            let middle = (low + high) / 2
            if starts[middle] <= position { low = middle } else { high = middle }
        }
        return low
    }
}
