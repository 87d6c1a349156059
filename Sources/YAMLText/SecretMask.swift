/// Keeps secrets that somebody wrote into a file out of the lines that diagnostics show.
enum SecretMask {
    private static let word = Array("secret".utf8)
    /// Keys whose URLs are secrets: who knows one may use it.
    private static let hooks = ["webhook", "ping", "onfailure", "onsuccess"].map { Array($0.utf8) }

    /// The line with `***` in place of what follows a key that ends in `secret`, unless that is a variable, and with
    /// asterisks for all but the hosts of URLs: webhooks have their secrets there.
    static func masked(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        withoutPaths(withoutSecrets(line))
    }

    private static func withoutSecrets(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
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
            skip(&rest) { " \t".utf8.contains($0) }
            guard !rest.isEmpty, variable(atStartOf: rest) == nil else { continue }
            return line[..<valueStart] + Array(" ***".utf8)
        }
        return line
    }

    /// A value that is a variable's name and nothing else, such as `${NAME}`, perhaps in quotes; nil if something else
    /// begins a text. A default that is given with it may be a secret.
    static func variable(atStartOf text: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        var rest = text
        let quote = rest.first.flatMap { "\"'".utf8.contains($0) ? $0 : nil }
        if quote != nil { rest.removeFirst() }
        guard rest.starts(with: "${".utf8) else { return nil }
        rest = rest.dropFirst(2).drop {
            $0 == UInt8(ascii: "_") || (48...57).contains($0) || (97...122).contains($0 | 0x20)
        }
        guard rest.popFirst() == UInt8(ascii: "}") else { return nil }
        if let quote { guard rest.popFirst() == quote else { return nil } }
        if let next = rest.first, !" \t,}]".utf8.contains(next) { return nil }
        return text[..<rest.startIndex]
    }

    /// The same number of characters, so that carets stay where they belong.
    private static func withoutPaths(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        guard line.contains(UInt8(ascii: ":")) else { return line }
        var masked = line
        var position = line.startIndex
        while let colon = line[position...].firstIndex(of: UInt8(ascii: ":")) {
            position = colon + 1
            let secret: Range<Int>?
            if line[position...].starts(with: "//".utf8) {
                let end = line[position...].firstIndex { " \t\"'".utf8.contains($0) } ?? line.endIndex
                secret = path(of: line[(position + 2)..<end])
                position = end
            } else if isHook(line[..<colon]), let value = hookValue(in: line[position...]) {
                secret = secretPart(of: value)
                position = value.endIndex
            } else {
                continue
            }
            for index in secret ?? 0..<0 { masked[index] = UInt8(ascii: "*") }
        }
        guard masked != line else { return line }
        // Of a masked character of several bytes one asterisk is left.
        let kept = masked.indices.filter { masked[$0] != UInt8(ascii: "*") || line[$0] & 0xC0 != 0x80 }
        return kept.map { masked[$0] }[...]
    }

    /// What stands behind the host, or all of a URL with a user's name; nil if there is nothing.
    ///
    /// - Parameter url: without its scheme.
    private static func path(of url: ArraySlice<UInt8>) -> Range<Int>? {
        let slash = url.firstIndex { "/?#".utf8.contains($0) } ?? url.endIndex
        let first = url[..<slash].contains(UInt8(ascii: "@")) ? url.startIndex : slash + 1
        return first < url.endIndex ? first..<url.endIndex : nil
    }

    /// What stands behind a hook's key; nil if that is a variable, a mapping or a list.
    private static func hookValue(in rest: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        var value = rest.drop { " \t".utf8.contains($0) }
        if let quote = value.first, "\"'".utf8.contains(quote) {
            value = value.dropFirst().prefix { $0 != quote }
        } else {
            // A plain value may hold blanks, a wrong one too.
            let ends = value.indices.dropFirst().first { index in
                " \t".utf8.contains(value[index - 1]) && "#}]".utf8.contains(value[index])
                    || value[index - 1] == UInt8(ascii: ",") && value[index] == UInt8(ascii: " ")
            }
            value = value[..<(ends.map { $0 - 1 } ?? value.endIndex)]
        }
        guard let first = value.first, !"${[".utf8.contains(first) else { return nil }
        return value
    }

    /// What stands behind the host of a hook's URL, or all of it if it lacks its scheme; nil if it is none.
    private static func secretPart(of value: ArraySlice<UInt8>) -> Range<Int>? {
        guard value.contains(UInt8(ascii: "/")) else { return nil }
        guard let separator = value.firstRange(of: "://".utf8) else { return value.startIndex..<value.endIndex }
        return path(of: value[separator.upperBound...])
    }

    /// Whether a text ends with one of the keys, perhaps in quotes.
    private static func isHook(_ text: ArraySlice<UInt8>) -> Bool {
        var rest = text
        while let last = rest.last, " \t\"'".utf8.contains(last) { rest.removeLast() }
        return hooks.contains { key in
            guard rest.suffix(key.count).map({ $0 | 0x20 }) == key else { return false }
            let before = rest.dropLast(key.count).last
            return before.map { !(48...57).contains($0) && !(97...122).contains($0 | 0x20) } ?? true
        }
    }

    private static func skip(_ bytes: inout ArraySlice<UInt8>, while condition: (UInt8) -> Bool) {
        bytes = bytes.drop(while: condition)
    }
}
