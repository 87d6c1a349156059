internal import Glibc

/// Appends whole lines to a result file, and keeps the file whole when that fails.
struct LineAppender {
    private let file: ResultFile
    private let operations: any FileOperations

    init(file: ResultFile, operations: any FileOperations) {
        self.file = file
        self.operations = operations
    }

    /// Hands lines to write(2) until it has taken them all.
    ///
    /// On failure a line that was taken in part is cut off again, so that what was written before stays readable.
    func append(_ lines: [UInt8]) throws(ResultsError) {
        try file.append { length throws(ResultsError) in try append(lines, &length) }
    }

    private func append(_ lines: [UInt8], _ length: inout Int64) throws(ResultsError) {
        var taken = 0
        while taken < lines.count {
            do throws(SystemError) {
                taken += try lines.withUnsafeBufferPointer { lines throws(SystemError) in
                    let rest = UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: lines[taken...]))
                    return try operations.write(rest, to: file.descriptor)
                }
            } catch {
                switch error.number {
                case EINTR: continue
                case EAGAIN: operations.waitUntilWritable(file.descriptor)
                default:
                    cut(lines, after: taken, &length)
                    throw failure(error)
                }
            }
        }
        length += Int64(lines.count)
    }

    private func cut(_ lines: [UInt8], after taken: Int, _ length: inout Int64) {
        let whole = lines[..<taken].lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
        length += Int64(whole)
        guard whole < taken, file.isRegular else { return }
        // If even this fails the file ends in a torn line, which every reader bears.
        try? operations.truncate(file.descriptor, to: length)
    }

    private func failure(_ error: SystemError) -> ResultsError {
        switch error.number {
        case ENOSPC, EDQUOT, EFBIG:
            ResultsError(
                .full,
                "\(file.name): \(error.reason); the records so far are kept: make room, then go on with --resume")
        case EPIPE:
            ResultsError(.write, "\(file.name): the reader of the records has gone (\(error.reason))")
        default:
            ResultsError(.write, "\(file.name): records cannot be written: \(error.reason)")
        }
    }
}
