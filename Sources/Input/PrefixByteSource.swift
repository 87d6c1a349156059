/// The first bytes of another source.
final class PrefixByteSource: ByteSource {
    private let source: any ByteSource
    private var rest: Int64
    /// Why the other source could not be read.
    private(set) var failure: InputError?

    init(_ source: any ByteSource, bytes: Int64) {
        self.source = source
        rest = bytes
    }

    var isReady: Bool { rest <= 0 || source.isReady }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws(InputError) -> Int {
        guard rest > 0 else { return 0 }
        do throws(InputError) {
            let count = try source.read(into: .init(rebasing: buffer[..<Int(min(Int64(buffer.count), rest))]))
            rest -= Int64(count)
            return count
        } catch {
            failure = error
            throw error
        }
    }
}
