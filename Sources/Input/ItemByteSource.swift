import JSONText

/// Inline items as JSON Lines, one compact value a line: so they are read, counted and hashed as any other input.
final class ItemByteSource: ByteSource {
    private var items: ArraySlice<JSONValue>
    private var pending: ArraySlice<UInt8> = []

    init(_ items: [JSONValue]) {
        self.items = items[...]
    }

    let isReady = true

    func read(into buffer: UnsafeMutableRawBufferPointer) throws(InputError) -> Int {
        if pending.isEmpty {
            guard let item = items.popFirst() else { return 0 }
            pending = (JSONWriter.bytes(of: item) + [UInt8(ascii: "\n")])[...]
        }
        let count = min(pending.count, buffer.count)
        buffer.copyBytes(from: pending.prefix(count))
        pending = pending.dropFirst(count)
        return count
    }
}
