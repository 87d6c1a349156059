/// Keeps secrets that somebody wrote into a file out of the lines that diagnostics show.
enum SecretMask {
    private static let word = Array("secret".utf8)

    /// The line with `***` in place of what follows a key that ends in `secret`, unless that is a variable.
    static func masked(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var position = line.startIndex
        while position + word.count < line.endIndex {
            defer { position += 1 }
            guard line[position] | 0x20 == word[0],
                line[position..<position + word.count].map({ $0 | 0x20 }) == word
            else { continue }
            var rest = line[(position + word.count)...]
            skip(&rest) { $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "'") }
            skip(&rest) { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
            guard rest.popFirst() == UInt8(ascii: ":") else { continue }
            let valueStart = rest.startIndex
            skip(&rest) { " \t\"'".utf8.contains($0) }
            guard !rest.isEmpty, !rest.starts(with: "${".utf8) else { continue }
            return line[..<valueStart] + Array(" ***".utf8)
        }
        return line
    }

    private static func skip(_ bytes: inout ArraySlice<UInt8>, while condition: (UInt8) -> Bool) {
        bytes = bytes.drop(while: condition)
    }
}
