/// A host and perhaps a port, as the Domain API gives it (`va.faasgw.liveperson.net`, `127.0.0.1:8123`).
package struct HostName: Sendable, Hashable {
    /// In lower case; an IPv6 address with its brackets.
    package let host: String
    /// 1 to 65535; nil is the scheme's own.
    package let port: Int?

    /// Reads a host name (RFC 1123, section 2.1), an IPv4 address or a bracketed IPv6 address (RFC 3986, section
    /// 3.2.2), and a port. Nil for anything else: schemes, paths, user names, blanks.
    package init?(_ text: String) {
        let bytes = Array(text.utf8)
        var end = bytes.endIndex
        if bytes.first == UInt8(ascii: "[") {
            guard let close = bytes.firstIndex(of: UInt8(ascii: "]")) else { return nil }
            let address = bytes[1..<close]
            guard (2...45).contains(address.count), address.allSatisfy(Self.isAddressCharacter),
                address.contains(UInt8(ascii: ":"))
            else { return nil }
            end = close + 1
        } else {
            end = bytes.firstIndex(of: UInt8(ascii: ":")) ?? bytes.endIndex
            guard Self.isName(bytes[..<end]) else { return nil }
        }
        if end < bytes.endIndex {
            let digits = bytes[(end + 1)...]
            guard bytes[end] == UInt8(ascii: ":"), (1...5).contains(digits.count),
                digits.allSatisfy({ (48...57).contains($0) }),
                let port = Int(String(decoding: digits, as: UTF8.self)), (1...65535).contains(port)
            else { return nil }
            self.port = port
        } else {
            port = nil
        }
        host = String(decoding: bytes[..<end], as: UTF8.self).lowercased()
    }

    /// Host and port as they stand in a URL.
    package var authority: String {
        port.map { "\(host):\($0)" } ?? host
    }

    /// Whether it names this machine: `localhost`, 127.0.0.0/8 or `::1` (RFC 6761, section 6.3; RFC 6890).
    package var isLoopback: Bool {
        if host == "localhost" || host == "[::1]" { return true }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }

    private static func isName(_ name: ArraySlice<UInt8>) -> Bool {
        guard (1...253).contains(name.count) else { return false }
        return name.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).allSatisfy { label in
            (1...63).contains(label.count) && label.allSatisfy(isLabelCharacter)
                && label.first != UInt8(ascii: "-") && label.last != UInt8(ascii: "-")
        }
    }

    private static func isLabelCharacter(_ byte: UInt8) -> Bool {
        switch byte {
        case 48...57, 65...90, 97...122, UInt8(ascii: "-"): true
        default: false
        }
    }

    private static func isAddressCharacter(_ byte: UInt8) -> Bool {
        switch byte {
        case 48...57, 65...70, 97...102, UInt8(ascii: ":"), UInt8(ascii: "."): true
        default: false
        }
    }
}
