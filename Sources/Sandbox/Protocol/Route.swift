/// Where a request goes, told from its path.
enum Route {
    /// The Domain API: one service of an account.
    case service(account: String, name: String)
    /// The Domain API: all services of an account.
    case services(account: String)
    /// Sentinel's token endpoint; the newer form of the path needs no `v`.
    case token(account: String, isNewForm: Bool)
    case function(account: String, id: UUIDKey)
    /// A function whose id is not 8-4-4-4-12 hexadecimal digits.
    case malformedFunction(account: String, id: String)
    case event(account: String, id: String)
    /// The question whether functions implement an event.
    case implementation(account: String, event: String)
    case statistics
    case reset
    case unknown

    /// Reads a path, without the query.
    init(path: UnsafeBufferPointer<UInt8>) {
        self = Self.read(path) ?? .unknown
    }

    private static func read(_ path: UnsafeBufferPointer<UInt8>) -> Route? {
        var reader = SegmentReader(path: path)
        guard let first = reader.next() else { return nil }
        if first.equals("api") {
            guard reader.next()?.equals("account") == true, let account = reader.next() else { return nil }
            return inAccount(account.text, &reader)
        }
        if first.equals("sentinel") {
            guard reader.next()?.equals("api") == true, let third = reader.next() else { return nil }
            let isNewForm = third.equals("v2")
            guard (isNewForm ? reader.next() : third)?.equals("account") == true, let account = reader.next(),
                reader.next()?.equals("app") == true, reader.next()?.equals("token") == true, reader.isAtEnd
            else { return nil }
            return .token(account: account.text, isNewForm: isNewForm)
        }
        guard reader.isAtEnd else { return nil }
        if first.equals("__stats") { return .statistics }
        return first.equals("__reset") ? .reset : nil
    }

    private static func inAccount(_ account: String, _ reader: inout SegmentReader) -> Route? {
        guard let kind = reader.next(), let id = reader.next() else { return nil }
        if kind.equals("service") {
            if reader.isAtEnd { return id.equals("baseURI.json") ? .services(account: account) : nil }
            guard reader.next()?.equals("baseURI.json") == true, reader.isAtEnd else { return nil }
            return .service(account: account, name: id.text)
        }
        guard let verb = reader.next(), reader.isAtEnd else { return nil }
        if verb.equals("isImplemented"), kind.equals("events") {
            return .implementation(account: account, event: id.text)
        }
        guard verb.equals("invoke") else { return nil }
        if kind.equals("lambdas") {
            guard let key = UUIDKey(id.bytes) else { return .malformedFunction(account: account, id: id.text) }
            return .function(account: account, id: key)
        }
        return kind.equals("events") ? .event(account: account, id: id.text) : nil
    }
}

/// The segments of a path, one after the other.
private struct SegmentReader {
    let path: UnsafeBufferPointer<UInt8>
    private var position = 0

    init(path: UnsafeBufferPointer<UInt8>) {
        self.path = path
    }

    var isAtEnd: Bool { position >= path.count }

    /// The next segment; nil at the end, and for an empty one.
    mutating func next() -> Segment? {
        guard position < path.count, path[position] == UInt8(ascii: "/") else { return nil }
        let start = position + 1
        position = start
        while position < path.count, path[position] != UInt8(ascii: "/") { position += 1 }
        return position > start ? Segment(bytes: UnsafeBufferPointer(rebasing: path[start..<position])) : nil
    }

    struct Segment {
        let bytes: UnsafeBufferPointer<UInt8>

        func equals(_ text: StaticString) -> Bool {
            bytes.count == text.utf8CodeUnitCount
                && bytes.elementsEqual(UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
        }

        /// The segment with its escapes resolved; a `+` in a path is a plus sign.
        var text: String {
            guard bytes.contains(UInt8(ascii: "%")) else { return String(decoding: bytes, as: UTF8.self) }
            var decoded: [UInt8] = []
            var position = 0
            while position < bytes.count {
                if bytes[position] == UInt8(ascii: "%"), position + 2 < bytes.count,
                    let high = hexadecimalValue(bytes[position + 1]), let low = hexadecimalValue(bytes[position + 2])
                {
                    decoded.append(high << 4 | low)
                    position += 3
                } else {
                    decoded.append(bytes[position])
                    position += 1
                }
            }
            return String(decoding: decoded, as: UTF8.self)
        }
    }
}
