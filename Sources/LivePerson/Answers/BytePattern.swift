/// Bytes to search for many times, by Horspool's algorithm: the longer they are, the fewer bytes are looked at.
///
/// R. N. Horspool, Practical fast searching in strings, 1980.
struct BytePattern: Sendable {
    private let bytes: [UInt8]
    /// By the byte under the pattern's end: how far the pattern may move on.
    private let shifts: [Int]

    /// Nil if there is nothing to search for.
    init?(_ bytes: [UInt8]) {
        guard !bytes.isEmpty else { return nil }
        self.bytes = bytes
        var shifts = [Int](repeating: bytes.count, count: 256)
        for (position, byte) in bytes.dropLast().enumerated() { shifts[Int(byte)] = bytes.count - 1 - position }
        self.shifts = shifts
    }

    /// Nil if the pattern does not occur.
    func replaced(by replacement: [UInt8], in text: [UInt8]) -> [UInt8]? {
        guard var found = position(in: text, from: 0) else { return nil }
        var result: [UInt8] = []
        result.reserveCapacity(text.count)
        var start = 0
        while true {
            result += text[start..<found]
            result += replacement
            start = found + bytes.count
            guard let next = position(in: text, from: start) else { break }
            found = next
        }
        return result + text[start...]
    }

    /// Where the pattern first begins at or after a position.
    private func position(in text: [UInt8], from start: Int) -> Int? {
        let end = bytes.count - 1
        var position = start
        while position < text.count - end {
            let last = text[position + end]
            if last == bytes[end], text[position..<position + end].elementsEqual(bytes[..<end]) { return position }
            position += shifts[Int(last)]
        }
        return nil
    }
}
