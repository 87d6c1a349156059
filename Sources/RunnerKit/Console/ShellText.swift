/// Text as a POSIX shell takes it literally (Shell Command Language, 2.2).
enum ShellText {
    private static let plain = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_@%+=:,./-".utf8)

    /// One word of a command, quoted if it must be.
    static func word(_ text: String) -> String {
        let isPlain = !text.isEmpty && text.utf8.allSatisfy(plain.contains)
        return isPlain ? text : String(decoding: singleQuoted(Array(text.utf8)), as: UTF8.self)
    }

    /// Single quotes, in which nothing is special but the quote itself.
    static func singleQuoted(_ bytes: [UInt8]) -> [UInt8] {
        var quoted = [UInt8(ascii: "'")]
        for byte in bytes {
            if byte == UInt8(ascii: "'") { quoted += Array("'\\'".utf8) }
            quoted.append(byte)
        }
        return quoted + [UInt8(ascii: "'")]
    }

    /// Double quotes: the variables `$LP_…` are filled in, everything else is literal.
    static func doubleQuoted(_ text: String) -> String {
        var quoted = "\""
        for character in text {
            if "\"\\`".contains(character) { quoted.append("\\") }
            quoted.append(character)
        }
        return quoted + "\""
    }
}
