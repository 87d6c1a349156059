/// Finds where an element of a JSON array ends, block by block, by its brackets and quotes alone.
struct ElementScanner {
    /// How far the bytes have been looked at; where the end is, once it was found.
    var offset = 0
    private var depth = 0
    private var isInString = false
    private var isEscaped = false

    /// Whether the `,` or `]` behind the element is among the bytes.
    mutating func findEnd(in bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        guard let base = bytes.baseAddress else { return false }
        var position = offset
        defer { offset = position }
        while position < bytes.count {
            if isInString {
                skipString(base, bytes.count, &position)
                continue
            }
            switch base[position] {
            case UInt8(ascii: "\""): isInString = true
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"): depth = max(0, depth - 1)
            case UInt8(ascii: "]"):
                if depth == 0 { return true }
                depth -= 1
            case UInt8(ascii: ","):
                if depth == 0 { return true }
            default: break
            }
            position += 1
        }
        return false
    }

    /// Moves behind the closing quote, or to the end of the bytes.
    @inline(__always)
    private mutating func skipString(_ base: UnsafePointer<UInt8>, _ count: Int, _ position: inout Int) {
        if isEscaped {
            isEscaped = false
            position += 1
        }
        while position < count {
            let byte = base[position]
            position += 1
            if byte == UInt8(ascii: "\"") {
                isInString = false
                return
            }
            if byte == UInt8(ascii: "\\") {
                guard position < count else {
                    isEscaped = true
                    return
                }
                position += 1
            }
        }
    }
}
