/// Base URLs of endpoints: a scheme, a host, perhaps a port, and nothing else.
package enum EndpointURL {
    /// Why a text is no base URL, in words that do not repeat it.
    package struct Problem: Error, Sendable, Hashable {
        package var message: String
        package var hint: String
    }

    /// The URL in its plain form: scheme and host in lower case, no trailing slash.
    ///
    /// Plain `http` is for loopback (`localhost`, 127.0.0.0/8, `[::1]`) unless insecure hosts are allowed.
    package static func normalized(_ text: String, allowInsecure: Bool) throws(Problem) -> String {
        let lowered = text.lowercased()
        guard let separator = lowered.firstRange(of: "://"),
            ["http", "https"].contains(lowered[..<separator.lowerBound])
        else {
            throw Problem(message: "expected a URL that begins with https://", hint: "write https:// and the host")
        }
        let scheme = lowered[..<separator.lowerBound]
        var authority = lowered[separator.upperBound...]
        if authority.hasSuffix("/") { authority = authority.dropLast() }
        guard !authority.contains("@") else {
            throw Problem(message: "a URL here has no user name or password", hint: "give the host alone")
        }
        if authority.contains(where: { "/?#\\".contains($0) }) {
            throw Problem(message: "a URL here has no path, query or fragment", hint: "give scheme and host alone")
        }
        let host = try host(of: authority)
        if scheme == "http", !allowInsecure, !isLoopback(host) {
            throw Problem(
                message: "plain http is for loopback addresses only",
                hint: "write https://, or set endpoints.allowInsecure: true to send secrets in the clear")
        }
        return "\(scheme)://\(authority)"
    }

    private static func host(of authority: Substring) throws(Problem) -> Substring {
        let host: Substring
        let rest: Substring
        if authority.hasPrefix("[") {
            guard let end = authority.firstIndex(of: "]") else {
                throw Problem(message: "the bracket of the IPv6 address is never closed", hint: "")
            }
            host = authority[...end]
            rest = authority[authority.index(after: end)...]
            guard host.dropFirst().dropLast().contains(":"),
                host.dropFirst().dropLast().allSatisfy({
                    $0.isHexDigit || $0 == ":" || $0 == "."
                })
            else {
                throw Problem(message: "the host is no IPv6 address", hint: "")
            }
        } else {
            host = authority.prefix { $0 != ":" }
            rest = authority[host.endIndex...]
            let isName = host.utf8.allSatisfy { byte in
                (97...122).contains(byte) || (48...57).contains(byte) || "-._".utf8.contains(byte)
            }
            guard !host.isEmpty, isName, host.utf8.count <= 253, !host.hasPrefix("."), !host.contains("..") else {
                throw Problem(message: "the URL has no valid host", hint: "write https:// and the host")
            }
        }
        if !rest.isEmpty {
            let digits = rest.dropFirst()
            guard rest.hasPrefix(":"), digits.utf8.allSatisfy({ (48...57).contains($0) }),
                let port = Int(digits), (1...65_535).contains(port)
            else {
                throw Problem(message: "the port must be between 1 and 65535", hint: "")
            }
        }
        return host
    }

    private static func isLoopback(_ host: Substring) -> Bool {
        if host == "localhost" || host == "[::1]" { return true }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }
}
