import CCurl
import Glibc
import JobModel

/// A request's header lines in the form in which libcurl reads them (`CURLOPT_HTTPHEADER`), in memory that is used
/// again from request to request.
struct HeaderLines: ~Copyable {
    private var text: UnsafeMutableBufferPointer<CChar>
    private var nodes: UnsafeMutableBufferPointer<curl_slist>
    private var count = 0
    private var used = 0

    init() {
        text = .allocate(capacity: 1024)
        nodes = .allocate(capacity: 16)
    }

    deinit {
        text.deallocate()
        nodes.deallocate()
    }

    /// The first of the linked lines; nil if there are none. Valid until the next call of ``set(_:)``.
    var head: UnsafeMutablePointer<curl_slist>? {
        count == 0 ? nil : nodes.baseAddress
    }

    /// Takes a request's headers. `Expect` is suppressed, which libcurl would add to large bodies and then wait for an
    /// interim answer, and so is the `Content-Type` that libcurl would invent for a body.
    ///
    /// - Returns: the name of a header that cannot be sent, because its name is no token (RFC 9110, section 5.1) or its
    ///   value has a line break or a NUL; nil if all can.
    mutating func set(_ headers: [(name: String, value: String)]) -> String? {
        var needed = 32
        for header in headers { needed += header.name.utf8.count + header.value.utf8.count + 3 }
        reserve(bytes: needed, lines: headers.count + 2)
        count = 0
        used = 0
        var hasContentType = false
        for header in headers {
            guard append(header) else { return header.name }
            // Only a name of this length is looked at closer.
            if header.name.utf8.count == 12, header.name.lowercased() == "content-type" { hasContentType = true }
        }
        add(line: "Expect:")
        if !hasContentType { add(line: "Content-Type:") }
        for index in 0..<count - 1 { nodes[index].next = nodes.baseAddress.map { $0 + (index + 1) } }
        nodes[count - 1].next = nil
        return nil
    }

    private mutating func append(_ header: (name: String, value: String)) -> Bool {
        let start = used
        guard !header.name.isEmpty else { return false }
        for byte in header.name.utf8 {
            guard Self.isTokenByte(byte) else { return false }
            put(byte)
        }
        if header.value.isEmpty {
            // libcurl takes `Name:` as "suppress this header" and `Name;` as one with an empty value.
            put(UInt8(ascii: ";"))
        } else {
            put(UInt8(ascii: ":"))
            put(UInt8(ascii: " "))
            for byte in header.value.utf8 {
                guard byte != 0, byte != 0x0A, byte != 0x0D else { return false }
                put(byte)
            }
        }
        finishLine(from: start)
        return true
    }

    private mutating func add(line: StaticString) {
        let start = used
        line.withUTF8Buffer { for byte in $0 { put(byte) } }
        finishLine(from: start)
    }

    private mutating func put(_ byte: UInt8) {
        text[used] = CChar(bitPattern: byte)
        used += 1
    }

    private mutating func finishLine(from start: Int) {
        put(0)
        nodes[count] = curl_slist(data: text.baseAddress.map { $0 + start }, next: nil)
        count += 1
    }

    private mutating func reserve(bytes: Int, lines: Int) {
        if text.count < bytes {
            text.deallocate()
            text = .allocate(capacity: bytes)
        }
        if nodes.count < lines {
            nodes.deallocate()
            nodes = .allocate(capacity: lines)
        }
    }

    /// Whether a byte may stand in a header's name (`tchar`, RFC 9110, section 5.6.2).
    private static func isTokenByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."),
            UInt8(ascii: "!"), UInt8(ascii: "#")...UInt8(ascii: "'"), UInt8(ascii: "*"), UInt8(ascii: "+"),
            UInt8(ascii: "^"), UInt8(ascii: "`"), UInt8(ascii: "|"), UInt8(ascii: "~"):
            true
        default:
            false
        }
    }
}
