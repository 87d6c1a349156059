/// URLs of webhooks and pings: what ``EndpointURL`` takes, then perhaps a path and a query.
package enum HookURL {
    /// Longer ones are beyond what servers take.
    private static let longest = 8000

    /// The URL with scheme and host in lower case, the rest as it is.
    ///
    /// Plain `http` is for loopback unless insecure hosts are allowed. Words of problems do not repeat the URL.
    package static func normalized(_ text: String, allowInsecure: Bool) throws(EndpointURL.Problem) -> String {
        guard text.utf8.count <= longest else {
            throw EndpointURL.Problem(message: "a URL has at most \(longest) characters", hint: "")
        }
        // RFC 3986, section 2: what may stand in a URL at all.
        guard text.utf8.allSatisfy({ (0x21...0x7E).contains($0) && !"\"<>\\^`{|}".utf8.contains($0) }) else {
            throw EndpointURL.Problem(
                message: "a URL has no blanks, quotes, braces or characters beyond ASCII",
                hint: "write such characters as %20 and so on")
        }
        guard !text.contains("#") else {
            throw EndpointURL.Problem(message: "a URL here has no fragment", hint: "leave out '#' and what follows it")
        }
        guard let separator = text.firstRange(of: "://") else {
            return try EndpointURL.normalized(text, allowInsecure: allowInsecure)
        }
        let rest = text[separator.upperBound...].firstIndex { $0 == "/" || $0 == "?" } ?? text.endIndex
        let base = try EndpointURL.normalized(String(text[..<rest]), allowInsecure: allowInsecure)
        return base + (text[rest...].hasPrefix("?") ? "/" : "") + text[rest...]
    }
}
