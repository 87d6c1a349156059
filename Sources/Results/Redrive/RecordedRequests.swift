internal import Digest
internal import Glibc
internal import JSONText
import JobModel

/// The recorded requests of a redrive's rows, in ascending order of their indices.
///
/// Memory is bounded: where the last record of each row stands is collected for so many rows at a time, 24 bytes a
/// row; each further portion costs one more pass over the file. The file is read up to its whole lines at the time of
/// opening: the redrive may append to it meanwhile.
package struct RecordedRequests: ~Copyable, Sendable {
    private struct Spot: Sendable {
        var index: Int
        var offset: Int64 = 0
        /// 0 while no record was found.
        var length = 0
    }

    /// As the user gave it.
    package let path: String
    /// Of the whole lines at the time of opening, in bytes.
    package let length: Int64
    /// Of these bytes, in lower-case hexadecimal.
    package let sha256: String
    private let rows: RedriveSet
    private let rowsAtOnce: Int
    private let descriptor: Int32
    private var spots: [Spot] = []
    private var position = 0
    /// The first row that ``spots`` have not come to.
    private var start = 0

    /// Opens a result file and reads it once, for its digest.
    ///
    /// - Parameters:
    ///   - path: of the file that `rows` is of; a regular file.
    ///   - rowsAtOnce: at least 1.
    /// - Throws: if the file cannot be read.
    package init(path: String, rows: RedriveSet, rowsAtOnce: Int = 1_000_000) throws(ResultsError) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Self.unreadable(path) }
        do throws(ResultsError) {
            (length, sha256) = try Self.digest(descriptor, path)
        } catch {
            close(descriptor)
            throw error
        }
        self.path = path
        self.rows = rows
        self.rowsAtOnce = max(1, rowsAtOnce)
        self.descriptor = descriptor
    }

    deinit {
        close(descriptor)
    }

    /// Rows in all.
    package var count: Int { rows.count }

    /// The next row; nil behind the last one.
    ///
    /// - Throws: if the file cannot be read.
    package mutating func next() throws(ResultsError) -> RecordedRequest? {
        if position == spots.count {
            try collect()
            guard !spots.isEmpty else { return nil }
        }
        defer { position += 1 }
        return try request(at: spots[position])
    }

    // MARK: - Where records stand

    private mutating func collect() throws(ResultsError) {
        spots.removeAll(keepingCapacity: true)
        position = 0
        while spots.count < rowsAtOnce, let index = rows.next(from: start) {
            spots.append(Spot(index: index))
            start = index + 1
        }
        guard let first = spots.first?.index, let last = spots.last?.index else { return }
        var spots = spots
        var runs = RunFilter(rows.history.runIDs)
        _ = try ResultReader(path: path, limit: length).visit { record, place in
            guard record.kind == .invocation, let index = record.integer(.index), index >= first, index <= last,
                runs.contains(record.json(.runID)), let found = Self.position(of: index, in: spots)
            else { return }
            (spots[found].offset, spots[found].length) = (place.offset, place.length)
        }
        self.spots = spots
    }

    private static func position(of index: Int, in spots: [Spot]) -> Int? {
        var (low, high) = (0, spots.count)
        while low < high {
            let middle = (low + high) / 2
            if spots[middle].index < index { low = middle + 1 } else { high = middle }
        }
        return low < spots.count && spots[low].index == index ? low : nil
    }

    // MARK: - What they say

    private func request(at spot: Spot) throws(ResultsError) -> RecordedRequest {
        let outcome: Outcome? =
            switch rows.history.state(of: spot.index) {
            case .recorded(let outcome, _): outcome
            case .unrecorded, .inDoubt: nil
            }
        var request = RecordedRequest(
            index: spot.index, key: "\(spot.index)", previous: outcome,
            content: .missing("its record is of an input that has changed since; give the input with --input"))
        guard spot.length > 0 else { return request }
        let line = try Self.bytes(descriptor, at: spot.offset, count: spot.length, path)
        var scanner = RecordScanner()
        line.withUnsafeBufferPointer { line in
            guard scanner.scan(line) == nil, scanner.integer(.index) == spot.index else {
                request.content = .missing("\(path) was changed while it was read")
                return
            }
            if let key = scanner.text(.key) { request.key = key }
            request.content = Self.payload(scanner)
        }
        return request
    }

    private static func payload(_ record: borrowing RecordScanner) -> RecordedRequest.Content {
        let json = record.json(.request)
        guard !json.isEmpty else {
            return switch record.errorClass {
            case .template, .input: .missing("it never became a request; give the input with --input")
            default: .missing("its record holds no request (`record.request`); give the input with --input")
            }
        }
        var checked: [UInt8] = []
        guard JSONMinifier.append(json, to: &checked) else {
            return .missing("the request of its record is not JSON; give the input with --input")
        }
        return .payload(Array(json))
    }

    // MARK: - The file

    /// The whole lines of a file and their digest.
    private static func digest(_ descriptor: Int32, _ path: String) throws(ResultsError) -> (Int64, String) {
        var digest = SHA256()
        var hashed: Int64 = 0
        /// Behind the last newline.
        var rest: [UInt8] = []
        while true {
            let block = try bytes(descriptor, at: hashed + Int64(rest.count), count: 1 << 18, path)
            guard let newline = block.lastIndex(of: UInt8(ascii: "\n")) else {
                rest += block
                if block.count < 1 << 18 { return (hashed, digest.hexadecimal()) }
                continue
            }
            digest.update(rest)
            block.withUnsafeBytes { digest.update(UnsafeRawBufferPointer(rebasing: $0[...newline])) }
            hashed += Int64(rest.count + newline + 1)
            rest = Array(block[(newline + 1)...])
        }
    }

    /// At most `count` bytes; fewer only at the file's end.
    private static func bytes(
        _ descriptor: Int32, at offset: Int64, count: Int, _ path: String
    ) throws(ResultsError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        var filled = 0
        while filled < count {
            let read = bytes.withUnsafeMutableBytes { buffer in
                pread(
                    descriptor, buffer.baseAddress.map { $0 + filled }, count - filled, off_t(offset) + off_t(filled))
            }
            if read < 0 && errno == EINTR { continue }
            guard read >= 0 else { throw unreadable(path) }
            guard read > 0 else { break }
            filled += read
        }
        bytes.removeLast(count - filled)
        return bytes
    }

    private static func unreadable(_ path: String) -> ResultsError {
        let error = SystemError.last
        guard error.number != ENOENT else { return ResultsError(.notFound, "\(path): there is no such result file") }
        return ResultsError(.unreadable, "\(path): cannot be read: \(error.reason)")
    }
}
