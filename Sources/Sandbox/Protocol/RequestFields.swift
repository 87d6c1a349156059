import NIOHTTP1

/// The headers that the protocol speaks of, found in one pass.
struct RequestFields {
    private(set) var host: String?
    private(set) var authorization: String?
    private(set) var contentType: String?
    private(set) var requestID: String?
    private(set) var hasExpect = false
    /// The name of a header that may stand once and stands twice.
    private(set) var repeated: String?
    /// The token of `Authorization: Bearer <token>` (RFC 6750, section 2.1); nil for another scheme or form.
    private(set) var bearerToken: String?

    init(_ headers: HTTPHeaders) {
        for (name, value) in headers {
            switch name.utf8.count {
            case 4 where name.equalsIgnoringCase("host"):
                if host != nil { repeated = name }
                host = value
            case 6 where name.equalsIgnoringCase("expect"):
                hasExpect = true
            case 12 where name.equalsIgnoringCase("content-type"):
                if contentType != nil { repeated = name }
                contentType = value
            case 12 where name.equalsIgnoringCase("x-request-id"):
                if requestID != nil { repeated = name }
                requestID = value
            case 13 where name.equalsIgnoringCase("authorization"):
                if authorization != nil { repeated = name }
                authorization = value
            default: break
            }
        }
        bearerToken = authorization.flatMap(Self.token)
    }

    private static func token(_ authorization: String) -> String? {
        var authorization = authorization
        return authorization.withUTF8 { bytes in
            guard bytes.count > 7, bytes[..<7].equals("Bearer ") else { return nil }
            let token = UnsafeBufferPointer(rebasing: bytes[7...])
            for byte in token where byte <= 32 || byte >= 127 { return nil }
            return String(decoding: token, as: UTF8.self)
        }
    }

    /// Whether the content type is the given one; `; charset=utf-8` may follow.
    func hasContentType(_ expected: StaticString) -> Bool {
        guard let contentType else { return false }
        let type = contentType.utf8.prefix { $0 != UInt8(ascii: ";") && $0 != UInt8(ascii: " ") }
        guard Substring(type).equalsIgnoringCase(expected) else { return false }
        var rest = Substring(contentType.utf8.dropFirst(type.count))
        guard !rest.isEmpty else { return true }
        rest = rest.drop { $0 == ";" || $0 == " " }
        return rest.equalsIgnoringCase("charset=utf-8") || rest.equalsIgnoringCase("charset=\"utf-8\"")
    }
}

extension StringProtocol {
    /// Whether this is an ASCII text, given in lower case, but for case.
    func equalsIgnoringCase(_ lowercase: StaticString) -> Bool {
        guard utf8.count == lowercase.utf8CodeUnitCount else { return false }
        var expected = lowercase.utf8Start
        for byte in utf8 {
            let folded = (65...90).contains(byte) ? byte | 0x20 : byte
            guard folded == expected.pointee else { return false }
            expected += 1
        }
        return true
    }
}
