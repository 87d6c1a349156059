import CCurl
import JobModel

/// A request's header lines in the form in which libcurl reads them (`CURLOPT_HTTPHEADER`).
struct HeaderLines: ~Copyable {
    private var text = HeaderText(separator: .null)
    private var nodes: UnsafeMutableBufferPointer<curl_slist>
    private var count = 0
    private let userAgent: String

    init(userAgent: String) {
        self.userAgent = userAgent
        nodes = .allocate(capacity: 16)
    }

    deinit {
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
        let noLead = UnsafeBufferPointer<UInt8>(start: nil, count: 0)
        switch text.update(lead: noLead, headers) {
        case .done: return nil
        case .refused(let name): return name
        case .differs: break
        }
        count = 0
        var lines = ["Expect:"]
        // libcurl would print what it has as an option twice.
        if !Self.has("user-agent", headers) { lines.append("User-Agent: \(userAgent)") }
        if !Self.has("content-type", headers) { lines.append("Content-Type:") }
        if let name = text.lay(lead: noLead, headers, fixed: lines) { return name }
        link()
        return nil
    }

    private static func has(_ name: String, _ headers: [(name: String, value: String)]) -> Bool {
        headers.contains { $0.name.utf8.count == name.utf8.count && $0.name.lowercased() == name }
    }

    private mutating func link() {
        guard let base = text.base, let first = reserve(text.lineStarts.count) else { return }
        for start in text.lineStarts {
            let line = (base + start).assumingMemoryBound(to: CChar.self)
            first[count] = curl_slist(data: line, next: first + (count + 1))
            count += 1
        }
        first[count - 1].next = nil
    }

    private mutating func reserve(_ lines: Int) -> UnsafeMutablePointer<curl_slist>? {
        if nodes.count < lines {
            nodes.deallocate()
            nodes = .allocate(capacity: lines)
        }
        return nodes.baseAddress
    }
}
