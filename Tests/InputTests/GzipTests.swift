import CZlib
import JobModel
import TestSupport
import Testing

@testable import Input

@Suite struct GzipTests {
    static let text = (0..<200).map { "{\"id\":\($0),\"name\":\"customer \($0 * 7919 % 1000)\"}\n" }.joined()

    private func transcript(
        _ compressed: [UInt8], plain: [UInt8] = Array(text.utf8), mustBeCompressed: Bool = true, chunk: Int = .max,
        block: Int = 4096
    ) -> InputTranscript {
        let source = InflatingByteSource(
            ChunkedByteSource(compressed, chunk: chunk), name: "test.gz", mustBeCompressed: mustBeCompressed,
            blockSize: block)
        let reader = RowReader(
            source: source, name: "test.gz", format: LineRows(maximumRowBytes: 1000), blockSize: block)
        return InputTranscript(reading: reader, batch: 7, of: plain)
    }

    @Test(arguments: [1, 2, 3, 10, 100, 100_000]) func rowsAndHashAreThoseOfTheContent(_ chunk: Int) throws {
        let plain = try InputTranscript(Array(Self.text.utf8), as: .jsonl, batch: 7)
        for block in [1, 2, 64, 4096] {
            let result = transcript(gzip(Array(Self.text.utf8)), mustBeCompressed: false, chunk: chunk, block: block)
            #expect(result == plain)
            #expect(result.hashesAreRight)
        }
    }

    @Test func membersAreJoined() {
        let bytes = Array(Self.text.utf8)
        let parts = gzip(Array(bytes[..<1000])) + gzip([]) + gzip(Array(bytes[1000...]))
        for chunk in [1, 5, 100_000] {
            let result = transcript(parts, chunk: chunk)
            #expect(result.rows.count == 200)
            #expect(result.hashesAreRight)
            #expect(result.failure == nil)
        }
    }

    @Test func zerosAtTheEndAreIgnored() {
        let result = transcript(gzip(Array(Self.text.utf8)) + [UInt8](repeating: 0, count: 600), chunk: 100)
        #expect(result.rows.count == 200)
        #expect(result.failure == nil)
    }

    @Test func textAtTheEndIsAFailure() {
        let result = transcript(gzip(Array(Self.text.utf8)) + Array("more".utf8))
        #expect(result.rows.count == 200, "what came before is read")
        #expect(result.failure == "cannot read test.gz: its compressed data is followed by something else")
    }

    @Test func everyTruncationIsAFailure() {
        let whole = gzip(Array(Self.text.utf8))
        // Byte by byte in header and trailer, in steps between.
        for length in 0..<whole.count where length < 30 || length % 17 == 0 || length > whole.count - 12 {
            let result = transcript(Array(whole[..<length]))
            #expect(result.failure != nil, "cut at \(length)")
            #expect(result.hashesAreRight)
            #expect(result.rows.allSatisfy { !$0.contains("!") }, "no row is made of half a line")
        }
    }

    @Test func damageIsAFailure() {
        var random = SeededGenerator(seed: 3)
        let whole = gzip(Array(Self.text.utf8))
        for _ in 0..<300 {
            var bytes = whole
            // Not the header, where some bytes mean nothing.
            bytes[Int.random(in: 12..<bytes.count, using: &random)] ^= UInt8.random(in: 1...255, using: &random)
            #expect(transcript(bytes).failure != nil)
        }
    }

    @Test(arguments: [[], [0x1F], [0x1F, 0x8C], Array("{}\n".utf8)] as [[UInt8]])
    func aNameInGzWantsGzip(_ bytes: [UInt8]) {
        let result = transcript(bytes)
        #expect(result.failure == "cannot read test.gz: it is not gzip data, although its name ends in .gz")
        #expect(transcript(bytes, plain: bytes, mustBeCompressed: false).failure == nil)
    }
}

/// Bytes as one gzip member.
func gzip(_ bytes: [UInt8]) -> [UInt8] {
    var stream = z_stream()
    var bytes = bytes
    var output = [UInt8](repeating: 0, count: bytes.count + 1000)
    deflateInit2_(
        &stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    defer { deflateEnd(&stream) }
    let count = bytes.withUnsafeMutableBufferPointer { input in
        output.withUnsafeMutableBufferPointer { output in
            stream.next_in = input.baseAddress
            stream.avail_in = UInt32(input.count)
            stream.next_out = output.baseAddress
            stream.avail_out = UInt32(output.count)
            deflate(&stream, Z_FINISH)
            return output.count - Int(stream.avail_out)
        }
    }
    return Array(output[..<count])
}
