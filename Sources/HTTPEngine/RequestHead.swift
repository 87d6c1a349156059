import CCurl
import JobModel

/// A request's target and its header lines as one text, in the form in which they are sent.
///
/// libcurl prints the lines of `CURLOPT_HTTPHEADER` byte by byte: with a bearer token of usual length that takes more
/// time than all else it does for a request. It copies the request target as it is, "without any filter", control
/// characters included (CURLOPT_REQUEST_TARGET(3)). So the header lines go with the target, each checked to be one
/// line. What libcurl puts behind the target, a blank and `HTTP/1.1`, falls to the last line: `User-Agent`, where it is
/// one more product (RFC 9110, section 10.1.5). `Host` and `Content-Length` are in the text too, which libcurl would
/// print byte by byte as well.
///
/// For HTTP/1.1 without a proxy in between: HTTP/2 has no such text, and a proxy gets another form of target.
struct RequestHead: ~Copyable {
    private var text = HeaderText(separator: .lineBreak)
    private let fixed: [String]
    /// The value of `Host` (RFC 9110, section 7.2).
    private var host = ""
    private var hostLine = ""
    /// Suppresses what libcurl would add of itself.
    private let suppressed: UnsafeMutablePointer<curl_slist>?

    /// Headers that libcurl has to know of, since it acts upon them or adds them where they are missing.
    private static let reserved: Set<String> = [
        "accept", "accept-encoding", "connection", "content-length", "cookie", "expect", "host", "http2-settings",
        "proxy-authorization", "proxy-connection", "range", "referer", "te", "transfer-encoding", "upgrade",
        "user-agent",
    ]

    enum Verdict {
        case written
        /// The request has a header that libcurl has to know of.
        case unfit
        /// A header of this name cannot be sent.
        case refused(name: String)
    }

    init(userAgent: String) {
        fixed = ["Accept: */*", "Accept-Encoding: gzip", "User-Agent: \(userAgent)"]
        let lines = ["Host:", "Content-Length:", "Expect:", "Content-Type:", "Accept:", "Accept-Encoding:"]
        var list: UnsafeMutablePointer<curl_slist>?
        for line in lines { list = curl_slist_append(list, line) ?? list }
        suppressed = list
    }

    deinit {
        curl_slist_free_all(suppressed)
    }

    /// For `CURLOPT_REQUEST_TARGET`: a C string, valid until the next call of ``set(target:of:host:_:length:)``.
    var target: UnsafeMutableRawPointer? { text.base }

    /// For `CURLOPT_HTTPHEADER`; valid as long as this.
    var lines: UnsafeMutablePointer<curl_slist>? { suppressed }

    /// Takes a request's target and headers.
    ///
    /// - Parameters:
    ///   - start: where the target begins in the URL; see ``targetStart(in:)``.
    ///   - newHost: for `Host`; see ``host(of:)``.
    ///   - length: of the body; nil for none.
    mutating func set(
        target start: Int, of url: String, host newHost: String, _ headers: [(name: String, value: String)],
        length: Int?
    ) -> Verdict {
        if newHost != host {
            host = newHost
            hostLine = "Host: \(newHost)"
            text.forget()
        }
        return HeaderText.withBytes(of: url) { bytes in
            let target = UnsafeBufferPointer(rebasing: bytes[start...])
            return set(target: target, headers, length: length)
        }
    }

    private mutating func set(
        target: UnsafeBufferPointer<UInt8>, _ headers: [(name: String, value: String)], length: Int?
    ) -> Verdict {
        switch text.update(lead: target, headers, length: length) {
        case .done: return .written
        case .refused(let name): return .refused(name: name)
        case .differs: break
        }
        for header in headers where Self.reserved.contains(header.name.lowercased()) { return .unfit }
        let refused = text.lay(lead: target, headers, length: length, first: hostLine, fixed: fixed)
        return refused.map { .refused(name: $0) } ?? .written
    }

    /// The value of `Host` for a URL in parts, as libcurl would print it: without the scheme's own port. Nil if it is
    /// left to libcurl: names that are not plain ASCII, or end with a dot.
    static func host(of address: OpaquePointer) -> String? {
        guard let name = part(CURLUPART_HOST, of: address), !name.isEmpty, !name.utf8.reversed().starts(with: ".".utf8),
            name.utf8.allSatisfy({ (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "%") })
        else { return nil }
        let port = part(CURLUPART_PORT, of: address, CURLU_NO_DEFAULT_PORT)
        return port.map { "\(name):\($0)" } ?? name
    }

    private static func part(_ part: CURLUPart, of address: OpaquePointer, _ flags: Int32 = 0) -> String? {
        var text: UnsafeMutablePointer<CChar>?
        guard curl_url_get(address, part, &text, UInt32(flags)) == CURLUE_OK, let text else { return nil }
        defer { curl_free(text) }
        return String(cString: text)
    }

    /// Where the request target begins in a URL, if it can be sent as it is: path and query in visible ASCII, no
    /// fragment, and nobody named before the host, for whom libcurl would add a header.
    static func targetStart(in url: String) -> Int? {
        HeaderText.withBytes(of: url) { bytes in
            var slashes = 0
            var start: Int?
            for (position, byte) in bytes.enumerated() {
                guard (0x21...0x7E).contains(byte), byte != UInt8(ascii: "#") else { return nil }
                guard start == nil else { continue }
                switch byte {
                case UInt8(ascii: "/"):
                    slashes += 1
                    if slashes == 3 { start = position }
                case UInt8(ascii: "@"), UInt8(ascii: "?"), UInt8(ascii: "\\"): return nil
                default: break
                }
            }
            return start
        }
    }
}
