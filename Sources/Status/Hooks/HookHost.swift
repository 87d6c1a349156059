/// The part of a URL that may be logged.
enum HookHost {
    /// Host and port of an absolute URL (RFC 3986, section 3.2), without a user's name and password; empty if there is
    /// none.
    static func name(in url: String) -> String {
        let bytes = Array(url.utf8)
        guard let scheme = bytes.firstRange(of: Array("://".utf8)) else { return "" }
        let authority = bytes[scheme.upperBound...].prefix { !Self.ends.contains($0) }
        let host = authority.lastIndex(of: UInt8(ascii: "@")).map { authority[($0 + 1)...] } ?? authority
        return String(decoding: host, as: UTF8.self)
    }

    /// A backslash is one to some readers of URLs.
    private static let ends = Array("/?#\\".utf8)
}
