import Digest
import Glibc

/// The part of an input that is in memory: what was read and not yet consumed, and the digest of what was consumed.
///
/// Bytes are read in blocks, and hashed when they are consumed: the digest covers exactly the consumed ones, wherever
/// blocks end. The buffer grows with the longest row.
final class ByteWindow {
    enum Fill {
        case more
        /// The source has ended.
        case end
        /// Waiting would hold back rows that are there already; see ``isPausable``.
        case pause
    }

    private let source: any ByteSource
    private let blockSize: Int
    private var storage: UnsafeMutableBufferPointer<UInt8>
    private var start = 0
    private var end = 0
    private var isAtEnd = false
    private var hashed = 0
    private var digest = SHA256()
    /// All bytes that were consumed since the beginning.
    private(set) var consumedBytes: Int64 = 0
    /// Give up instead of waiting for the source.
    var isPausable = false

    init(_ source: any ByteSource, blockSize: Int) {
        self.source = source
        self.blockSize = max(1, blockSize)
        storage = .allocate(capacity: 2 * self.blockSize)
    }

    deinit {
        storage.deallocate()
    }

    /// What was read and not consumed; valid until the next call of ``fill(mayPause:)``.
    var unread: UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(rebasing: storage[start..<end])
    }

    /// Takes the first bytes of ``unread`` for good.
    func consume(_ count: Int) {
        start += count
        consumedBytes += Int64(count)
    }

    /// Adds to ``unread``.
    ///
    /// - Parameter mayPause: false where a row has been consumed in part, so that it cannot be begun anew.
    func fill(mayPause: Bool = true) throws(InputError) -> Fill {
        guard !isAtEnd else { return .end }
        if mayPause, isPausable, !source.isReady { return .pause }
        makeRoom()
        let free = UnsafeMutableRawBufferPointer(UnsafeMutableBufferPointer(rebasing: storage[end...]))
        let count = try source.read(into: free)
        end += count
        isAtEnd = count == 0
        return isAtEnd ? .end : .more
    }

    /// SHA-256 of all consumed bytes, lower-case hexadecimal.
    func consumedSHA256() -> String {
        hashConsumed()
        return digest.hexadecimal()
    }

    private func hashConsumed() {
        digest.update(UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: storage[hashed..<start])))
        hashed = start
    }

    private func makeRoom() {
        guard storage.count - end < blockSize else { return }
        hashConsumed()
        let count = end - start
        var target = storage
        if storage.count - count < blockSize { target = .allocate(capacity: 2 * storage.count) }
        if count > 0, let to = target.baseAddress, let from = storage.baseAddress {
            memmove(to, from + start, count)
        }
        if target.baseAddress != storage.baseAddress {
            storage.deallocate()
            storage = target
        }
        (start, end, hashed) = (0, count, 0)
    }
}

extension ByteWindow {
    /// Where the next line feed is.
    enum LineEnd {
        /// The line's length, its line feed included if it has one.
        case found(Int)
        /// More than the allowed bytes were read without a line feed.
        case tooLong
        case end
        case pause
    }

    /// Looks for the next line feed; the last line may go without.
    func findLineEnd(limit: Int) throws(InputError) -> LineEnd {
        var searched = 0
        while true {
            let bytes = unread
            if let base = bytes.baseAddress, let found = memchr(base + searched, 10, bytes.count - searched) {
                return .found(UnsafeRawPointer(found) - UnsafeRawPointer(base) + 1)
            }
            searched = bytes.count
            if searched > limit { return .tooLong }
            switch try fill() {
            case .more: continue
            case .pause: return .pause
            case .end: return searched == 0 ? .end : .found(searched)
            }
        }
    }

    /// Consumes up to and including the next line feed, however far it is; false if the source ends before.
    func skipLine() throws(InputError) -> Bool {
        while true {
            let bytes = unread
            if let base = bytes.baseAddress, let found = memchr(base, 10, bytes.count) {
                consume(UnsafeRawPointer(found) - UnsafeRawPointer(base) + 1)
                return true
            }
            consume(bytes.count)
            guard case .more = try fill(mayPause: false) else { return false }
        }
    }

    /// Consumes a byte order mark of UTF-8 (RFC 3629, 6) at the beginning of an input.
    ///
    /// - Throws: ``InputError`` if the mark is one of UTF-16.
    func skipByteOrderMark(name: String) throws(InputError) {
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        while true {
            let bytes = unread
            if bytes.count >= 2, (bytes[0], bytes[1]) == (0xFF, 0xFE) || (bytes[0], bytes[1]) == (0xFE, 0xFF) {
                throw InputError(
                    .encoding, message: "cannot read \(name): it is UTF-16; convert it with iconv -f UTF-16 -t UTF-8")
            }
            if bytes.starts(with: mark) { return consume(mark.count) }
            // Wait for more only if what is there may be the beginning of a mark.
            let isStart = bytes.isEmpty || mark.starts(with: bytes) || bytes.count == 1 && bytes[0] >= 0xFE
            guard isStart, case .more = try fill(mayPause: false) else { return }
        }
    }
}
