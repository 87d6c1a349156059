/// Lines of a job file's section `account`: only values of keys that are known to hold no secret are shown.
///
/// Looks at the text alone, since what is wrong with it may be that it is no YAML.
struct AccountLine {
    private static let section = "account"
    private static let openKeys: Set<String> = [
        section, "id", "clientid", "clientsecretfile", "platform", "endpoints", "domainapi", "sentinel", "gateway",
        "allowinsecure",
    ]
    /// Stands before a key, beside blanks.
    private static let openers = Set("{[,-?\"'".utf8)
    private static let blanks = Set(" \t".utf8)

    /// Whether a line of a file, counted from 1, belongs to the section: its key is on the line, or on one above that is
    /// less indented than all between.
    static func contains(_ line: Int, of source: SourceText) -> Bool {
        var indentation = Int.max
        for number in stride(from: line, through: 1, by: -1) {
            let text = source.lineBytes(number)
            let content = text.drop(while: blanks.contains)
            // What has no key goes on with the line above, however it is indented.
            guard let key = nextKey(in: content), content.first != UInt8(ascii: "#") else { continue }
            guard content.startIndex - text.startIndex < indentation else { continue }
            if key.name == section { return true }
            indentation = content.startIndex - text.startIndex
            if indentation == 0 { return false }
        }
        return false
    }

    /// The line with `***` in place of everything from the first value on that may be a secret.
    static func masked(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var rest = line
        guard nextKey(in: rest) != nil else {
            let content = line.firstIndex { !blanks.contains($0) && !"{}[]".utf8.contains($0) }
            return content.map { line[..<$0] + Array("***".utf8) } ?? line
        }
        while let key = nextKey(in: rest) {
            rest = line[key.end...].drop(while: blanks.contains)
            guard !rest.isEmpty, !openKeys.contains(key.name) else { continue }
            guard let variable = SecretMask.variable(atStartOf: rest) else {
                return line[..<key.end] + Array(" ***".utf8)
            }
            rest = line[variable.endIndex...]
        }
        return line
    }

    /// The next key in small letters, and where the colon after it ends.
    private static func nextKey(in text: ArraySlice<UInt8>) -> (name: String, end: Int)? {
        var position = text.startIndex
        while let colon = text[position...].firstIndex(of: UInt8(ascii: ":")) {
            position = colon + 1
            guard position == text.endIndex || " \t\"'{[".utf8.contains(text[position]) else { continue }
            var name = text[..<colon]
            while let last = name.last, blanks.contains(last) || openers.contains(last) { name.removeLast() }
            let start = name.lastIndex { blanks.contains($0) || openers.contains($0) }.map { $0 + 1 } ?? name.startIndex
            return (String(decoding: name[start...], as: UTF8.self).lowercased(), position)
        }
        return nil
    }
}
