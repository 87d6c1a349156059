import Glibc

/// The bytes of a request's header lines, in memory that is used again from request to request.
///
/// Consecutive requests mostly have the same headers but for one or two values of the same length: those alone are
/// written anew.
struct HeaderText: ~Copyable {
    /// What stands between lines. The last one always ends with a NUL.
    enum Separator {
        /// Each line is a C string of its own.
        case null
        /// Together they are one C string, in the form in which they are sent (RFC 9112, section 2.1): the lead is a
        /// request target, and the protocol's name follows it.
        case lineBreak
    }

    private var text: UnsafeMutableBufferPointer<UInt8>
    private var used = 0
    private let separator: Separator
    private var leadCount = 0
    /// Where the digits of the body's length stand; empty if there is no such line.
    private var lengthDigits = 0..<0
    /// Where the headers of the last request stand in ``text``; empty if they cannot be relied on.
    private var places: [Place] = []
    /// Where each line begins, the fixed ones included.
    private(set) var lineStarts: [Int] = []

    private static let afterTarget = " HTTP/1.1"
    private static let lengthName = "Content-Length: "

    private struct Place {
        let start: Int
        let nameCount: Int
        let valueCount: Int

        /// Behind the colon and the blank.
        var value: Int { start + nameCount + 2 }
    }

    init(separator: Separator) {
        self.separator = separator
        text = .allocate(capacity: 1024)
    }

    deinit {
        text.deallocate()
    }

    /// Valid until the text is next ``lay(lead:_:fixed:)``ed.
    var base: UnsafeMutableRawPointer? { UnsafeMutableRawPointer(text.baseAddress) }

    /// What has come of an attempt to write only what differs from the last request.
    enum Update {
        case done
        /// Everything has to be laid out anew.
        case differs
        /// A header of this name has a value that would end its line.
        case refused(name: String)
    }

    /// - Parameters:
    ///   - lead: what stands before the first header.
    ///   - length: of the body, for `Content-Length`; nil for no such line.
    mutating func update(
        lead: UnsafeBufferPointer<UInt8>, _ headers: [(name: String, value: String)], length: Int? = nil
    ) -> Update {
        guard !headers.isEmpty, headers.count == places.count, lead.count == leadCount,
            length.map(Self.digits(of:)) ?? 0 == lengthDigits.count
        else { return .differs }
        for (place, header) in zip(places, headers) {
            guard place.valueCount == header.value.utf8.count, place.nameCount == header.name.utf8.count,
                isThere(header.name, at: place.start)
            else { return .differs }
        }
        if !isThere(lead, at: 0) { copy(lead, to: 0) }
        for (place, header) in zip(places, headers) where !isThere(header.value, at: place.value) {
            guard write(value: header.value, at: place.value) else {
                places = []
                return .refused(name: header.name)
            }
        }
        if let length { write(length, at: lengthDigits) }
        return .done
    }

    /// What was laid out is not to be relied on any more: the fixed lines have changed.
    mutating func forget() {
        places = []
    }

    /// Writes everything.
    ///
    /// - Parameters:
    ///   - lead: what stands before the first header.
    ///   - length: of the body, for a line `Content-Length` after the headers; nil for none.
    ///   - first: a whole line before the headers; nil for none.
    ///   - fixed: whole lines after all that.
    /// - Returns: the name of a header that cannot be sent, because its name is no token (RFC 9110, section 5.1) or its
    ///   value has a line break or a NUL; nil if all can.
    mutating func lay(
        lead: UnsafeBufferPointer<UInt8>, _ headers: [(name: String, value: String)], length: Int? = nil,
        first: String? = nil, fixed: [String]
    ) -> String? {
        places = []
        lengthDigits = 0..<0
        let digits = length.map(Self.digits(of:)) ?? 0
        var needed = lead.count + Self.afterTarget.utf8.count + Self.lengthName.utf8.count + digits + 5
        for header in headers { needed += header.name.utf8.count + header.value.utf8.count + 4 }
        for line in fixed { needed += line.utf8.count + 2 }
        if let first { needed += first.utf8.count + 2 }
        reserve(needed)
        copy(lead, to: 0)
        leadCount = lead.count
        used = lead.count
        lineStarts = []
        if separator == .lineBreak {
            append(Self.afterTarget)
            endLine()
        }
        if let first { appendLine(first) }
        var laid: [Place] = []
        for header in headers {
            laid.append(Place(start: used, nameCount: header.name.utf8.count, valueCount: header.value.utf8.count))
            beginLine()
            guard append(header) else { return header.name }
            endLine()
        }
        if let length {
            beginLine()
            append(Self.lengthName)
            lengthDigits = used..<used + digits
            write(length, at: lengthDigits)
            used += digits
            endLine()
        }
        for line in fixed { appendLine(line) }
        if separator == .lineBreak, used >= 2 { used -= 2 }
        text[used] = 0
        places = laid
        return nil
    }

    private mutating func append(_ header: (name: String, value: String)) -> Bool {
        guard !header.name.isEmpty, header.name.utf8.allSatisfy(Self.isTokenByte) else { return false }
        append(header.name)
        guard !header.value.isEmpty else {
            // libcurl takes `Name:` in a list as "suppress this header" and `Name;` as one with an empty value.
            put(separator == .null ? UInt8(ascii: ";") : UInt8(ascii: ":"))
            return true
        }
        put(UInt8(ascii: ":"))
        put(UInt8(ascii: " "))
        guard write(value: header.value, at: used) else { return false }
        used += header.value.utf8.count
        return true
    }

    private mutating func append(_ string: String) {
        Self.withBytes(of: string) { copy($0, to: used) }
        used += string.utf8.count
    }

    private mutating func appendLine(_ line: String) {
        beginLine()
        append(line)
        endLine()
    }

    private mutating func put(_ byte: UInt8) {
        text[used] = byte
        used += 1
    }

    private mutating func beginLine() {
        lineStarts.append(used)
    }

    private mutating func endLine() {
        switch separator {
        case .null: put(0)
        case .lineBreak:
            put(0x0D)
            put(0x0A)
        }
    }

    private mutating func reserve(_ count: Int) {
        guard text.count < count else { return }
        text.deallocate()
        text = .allocate(capacity: count)
    }

    // MARK: Bytes

    private func isThere(_ string: String, at start: Int) -> Bool {
        Self.withBytes(of: string) { isThere($0, at: start) }
    }

    private func isThere(_ bytes: UnsafeBufferPointer<UInt8>, at start: Int) -> Bool {
        guard let wanted = bytes.baseAddress, let written = text.baseAddress else { return bytes.isEmpty }
        return memcmp(wanted, written + start, bytes.count) == 0
    }

    private func copy(_ bytes: UnsafeBufferPointer<UInt8>, to start: Int) {
        guard let source = bytes.baseAddress, let target = text.baseAddress else { return }
        (target + start).update(from: source, count: bytes.count)
    }

    /// - Returns: false, and nothing is written, if the bytes would end the line.
    private func write(value: String, at start: Int) -> Bool {
        Self.withBytes(of: value) { bytes in
            var endsLine = false
            for byte in bytes { endsLine = endsLine || byte == 0 || byte == 0x0A || byte == 0x0D }
            if !endsLine { copy(bytes, to: start) }
            return !endsLine
        }
    }

    private mutating func write(_ number: Int, at digits: Range<Int>) {
        var rest = number
        for position in digits.reversed() {
            text[position] = UInt8(ascii: "0") + UInt8(rest % 10)
            rest /= 10
        }
    }

    /// How many decimal digits a count has.
    private static func digits(of count: Int) -> Int {
        var (digits, rest) = (1, count / 10)
        while rest > 0 { (digits, rest) = (digits + 1, rest / 10) }
        return digits
    }

    static func withBytes<Value>(of string: String, _ body: (UnsafeBufferPointer<UInt8>) -> Value) -> Value {
        if let value = string.utf8.withContiguousStorageIfAvailable(body) { return value }
        return Array(string.utf8).withUnsafeBufferPointer(body)
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
