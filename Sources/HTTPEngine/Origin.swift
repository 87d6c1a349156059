/// A URL's host and port, for messages: never its path, query or credentials.
struct Origin: Sendable, Hashable, CustomStringConvertible {
    var host: String
    /// Zero if the URL names none and its scheme has none.
    var port: Int

    init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    /// Reads scheme and authority (RFC 3986, section 3.2); what is no URL gives an empty host.
    init(url: String) {
        let bytes = Array(url.utf8)
        let schemeEnd = bytes.firstIndex(of: UInt8(ascii: ":")) ?? 0
        guard bytes[schemeEnd...].starts(with: "://".utf8) else {
            self.init(host: "", port: 0)
            return
        }
        let scheme = String(decoding: bytes[..<schemeEnd], as: UTF8.self).lowercased()
        let rest = bytes[(schemeEnd + 3)...]
        let end = rest.firstIndex { [UInt8(ascii: "/"), UInt8(ascii: "?"), UInt8(ascii: "#")].contains($0) }
        var authority = rest[..<(end ?? rest.endIndex)]
        if let at = authority.lastIndex(of: UInt8(ascii: "@")) { authority = authority[(at + 1)...] }
        var port = ["http": 80, "https": 443][scheme] ?? 0
        if let colon = authority.lastIndex(of: UInt8(ascii: ":")), !authority[colon...].contains(UInt8(ascii: "]")) {
            port = Int(String(decoding: authority[(colon + 1)...], as: UTF8.self)) ?? port
            authority = authority[..<colon]
        }
        // A message is one line whatever the URL.
        let host = authority.filter { $0 >= 0x20 && $0 != 0x7F }
        self.init(host: String(decoding: host, as: UTF8.self), port: port)
    }

    var description: String { "\(host):\(port)" }
}
