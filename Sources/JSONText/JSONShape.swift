import Glibc

/// The member names of an object that was read before: objects that follow each other mostly have the same names in
/// the same order, which then need neither be scanned nor made into strings, nor compared with each other.
struct JSONShape {
    /// After so many objects in a row that were different, the effort is given up.
    private static let patience = 16

    private(set) var names: [String] = []
    /// The names as they are written, quotes included, one after another.
    private var text: [UInt8] = []
    /// Where each name ends in ``text``.
    private var ends: [Int] = []
    private var patience: Int

    /// - Parameter remembers: otherwise it stays empty.
    init(remembers: Bool) {
        patience = remembers ? Self.patience : 0
    }

    /// Moves the scanner over the name at a place, if that is what comes next.
    @inline(__always)
    func skipName(at place: Int, in scanner: inout JSONScanner) -> Bool {
        guard place < ends.count, let base = scanner.bytes.baseAddress else { return false }
        let start = place == 0 ? 0 : ends[place - 1]
        let length = ends[place] - start
        guard scanner.bytes.count - scanner.position >= length else { return false }
        let isSame = text.withUnsafeBufferPointer { text in
            text.baseAddress.map { memcmp($0 + start, base + scanner.position, length) == 0 } ?? false
        }
        if isSame { scanner.position += length }
        return isSame
    }

    /// The names of an object that had the first so many of those that are remembered.
    @inline(__always)
    mutating func confirmed(_ count: Int) -> [String] {
        if patience > 0 { patience = Self.patience }
        return count == names.count ? names : Array(names.prefix(count))
    }

    /// Remembers an object's names instead. Those with escapes would look different when they are written.
    mutating func learn(_ object: JSONObject) {
        guard patience > 0 else { return }
        patience -= 1
        names.removeAll(keepingCapacity: true)
        text.removeAll(keepingCapacity: true)
        ends.removeAll(keepingCapacity: true)
        for name in object.names {
            guard name.utf8.allSatisfy({ $0 >= 0x20 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }) else {
                return
            }
            names.append(name)
            text.append(UInt8(ascii: "\""))
            text.append(contentsOf: name.utf8)
            text.append(UInt8(ascii: "\""))
            ends.append(text.count)
        }
    }
}
