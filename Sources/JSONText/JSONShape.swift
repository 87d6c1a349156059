import Glibc

/// What the object at one place of a row looked like in the row before: objects that follow each other mostly have the
/// same names in the same order, which then need neither be scanned nor made into strings, nor compared with each
/// other.
///
/// Objects inside of it have shapes of their own; all those of one array share one.
final class JSONShape {
    /// After so many objects in a row that were different, the effort is given up.
    private static let patience = 16

    /// The names that are expected; nil before the first object.
    private(set) var names: Names?
    private var patience = JSONShape.patience
    /// Of the members that are objects or arrays, as far as they were met.
    private var children: [JSONShape?] = []

    /// The shape of the member at a place, which is an object or an array.
    func child(at place: Int) -> JSONShape {
        if let child = children[place] { return child }
        let child = JSONShape()
        children[place] = child
        return child
    }

    /// An object had the expected names.
    func confirm() {
        if patience > 0, patience < Self.patience { patience = Self.patience }
    }

    /// Expects an object's names instead.
    func learn(_ object: JSONObject) {
        guard patience > 0 else { return }
        patience -= 1
        let names = Names(object.names)
        self.names = names
        children = Array(repeating: nil, count: names.names.count)
    }
}

extension JSONShape {
    /// Names as values and as they are written.
    final class Names {
        let names: [String]
        /// Quotes included, one after another.
        private let text: [UInt8]
        /// Where each name ends in ``text``.
        private let ends: [Int]

        /// Takes the names up to the first one that would look different when it is written, as with escapes.
        init(_ names: [String]) {
            let plain = names.prefix { name in
                name.utf8.allSatisfy { $0 >= 0x20 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }
            }
            var text: [UInt8] = []
            ends = plain.map { name in
                text.append(UInt8(ascii: "\""))
                text.append(contentsOf: name.utf8)
                text.append(UInt8(ascii: "\""))
                return text.count
            }
            self.names = Array(plain)
            self.text = text
        }

        /// Moves the scanner over the name at a place, if that is what comes next.
        @inline(__always)
        func skip(at place: Int, in scanner: inout JSONScanner) -> Bool {
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

        /// The first so many names, without a copy if these are all.
        @inline(__always)
        func first(_ count: Int) -> [String] {
            count == names.count ? names : Array(names[..<count])
        }
    }
}
