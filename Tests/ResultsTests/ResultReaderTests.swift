import JobModel
import TestSupport
import Testing

@testable import Results

@Suite struct ResultReaderTests {
    private static let lines = [
        #"{"type":"run","runId":"r","job":"j","trigger":"manual","startedAt":"2026-11-22T01:15:00.000Z"}"#,
        #"{"type":"window","runId":"r","upTo":2,"inputBytes":9,"inputSha256":"ab"}"#,
        #"{"type":"invocation","runId":"r","job":"j","index":0,"key":"a","outcome":"succeeded","response":{"x":"}"}}"#,
        #"{"type":"invocation","runId":"r","job":"j","index":1,"key":"\u00e9\"","outcome":"failed","status":901}"#,
        #"{"type":"summary","runId":"r","complete":true}"#,
    ]
    private static let content = lines.map { $0 + "\n" }.joined()

    private struct Seen: Equatable {
        var line: Int
        var kind: RecordKind
        var index: Int?
        var key: String?
    }

    private func read(
        _ bytes: some Sequence<UInt8>, blockSize: Int = 4096, longestLine: Int = 1 << 20
    ) throws -> (seen: [Seen], findings: ResultReader.Findings) {
        let folder = try TemporaryFolder()
        let path = try folder.write("out.jsonl", bytes)
        var seen: [Seen] = []
        let findings = try ResultReader(path: path, blockSize: blockSize, longestLine: longestLine)
            .read { record, line in
                seen.append(
                    Seen(line: line, kind: record.kind, index: record.integer(.index), key: record.text(.key)))
            }
        return (seen, findings)
    }

    @Test func everyBlockSizeReadsTheSame() throws {
        let expected = [
            Seen(line: 1, kind: .run), Seen(line: 2, kind: .window),
            Seen(line: 3, kind: .invocation, index: 0, key: "a"),
            Seen(line: 4, kind: .invocation, index: 1, key: "é\""), Seen(line: 5, kind: .summary),
        ]
        for blockSize in Array(1...130) + [Self.content.utf8.count, 4096] {
            let (seen, findings) = try read(Self.content.utf8, blockSize: blockSize)
            #expect(seen == expected)
            #expect(findings.records == 5 && findings.badLines == 0 && findings.tornBytes == 0)
            #expect(findings.bytes == Int64(Self.content.utf8.count))
        }
    }

    @Test func aFileCutAtAnyByteLosesAtMostItsLastLine() throws {
        let bytes = Array(Self.content.utf8)
        for length in 0...bytes.count {
            let (seen, findings) = try read(bytes.prefix(length), blockSize: 64)
            let newlines = bytes.prefix(length).filter { $0 == UInt8(ascii: "\n") }.count
            let rest = length - (bytes.prefix(length).lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0)
            let endsWhole = rest > 0 && rest == Self.lines[newlines].utf8.count
            #expect(seen.count == newlines + (endsWhole ? 1 : 0))
            #expect(findings.tornBytes == Int64(endsWhole ? 0 : rest))
            #expect(findings.badLines == 0)
        }
    }

    @Test(arguments: [
        "", "hello", "{", "{}", "[]", #"{"type":"invocation","outcome":"failed"}"#, "null",
        #"{"type":"invocation","index":-1,"outcome":"failed"}"#, #"{"type":"invocation","index":1,"outcome":"fine"}"#,
        #"{"type":"invocation","index":1.5,"outcome":"failed"}"#, #"{"type":"window"}"#, #"{"type":"run"}"#,
        #"{"type":"summary"}"#, #"{"type":1}"#, #"{"type":"run","runId":"r"} x"#, #"{"type":"run" "runId":"r"}"#,
        #"{"type":"run","runId":"r","a":}"#, #"{"type":"run","runId":"r","a":[{]}"#, #"{"type":"run,}"#,
        #"{"type":"invocation","index":99999999999999999999,"outcome":"failed"}"#, "\u{0}\u{0}",
    ])
    func aLineThatIsNoRecordIsCountedAndLocated(line: String) throws {
        let (seen, findings) = try read((Self.lines[0] + "\n" + line + "\n" + Self.lines[4] + "\n").utf8)
        #expect(seen.map(\.line) == [1, 3])
        #expect(findings.badLines == 1)
        #expect(findings.firstBadLine?.number == 2)
        #expect(findings.firstBadLine?.reason.isEmpty == false)
    }

    @Test func unknownTypesAndMembersArePassedOver() throws {
        let (seen, findings) = try read(
            (#"{"type":"checkpoint","index":3}"# + "\n" + #" { "future" : [ "{" ] , "type" : "window" , "upTo" : 4 } "#
                + "\r\n").utf8)
        #expect(seen.map(\.kind) == [.other, .window])
        #expect(findings.badLines == 0)
    }

    @Test func anEndlessLineDoesNotFillTheMemory() throws {
        let long = String(repeating: "x", count: 10_000)
        for blockSize in [1, 7, 100, 20_000] {
            let (seen, findings) = try read(
                (Self.lines[0] + "\n" + long + "\n" + Self.lines[4] + "\n").utf8, blockSize: blockSize,
                longestLine: 1000)
            #expect(seen.map(\.line) == [1, 3])
            #expect(findings.badLines == 1 && findings.firstBadLine?.number == 2)
        }
    }

    @Test func garbageNeverTraps() throws {
        var random = SeededGenerator(seed: 3)
        let alphabet = Array("{}[]\",:\\\n 0123-.eu{\"type\":\"invocation\"".utf8) + [0, 0x80, 0xFF]
        for _ in 0..<300 {
            let bytes = (0..<Int.random(in: 0...200, using: &random)).map { _ in
                alphabet[Int.random(in: 0..<alphabet.count, using: &random)]
            }
            let (seen, findings) = try read(bytes, blockSize: Int.random(in: 1...64, using: &random))
            #expect(seen.count == findings.records)
            #expect(findings.bytes == Int64(bytes.count))
        }
    }

    @Test func whatCannotBeReadSaysSo() throws {
        let folder = try TemporaryFolder()
        for (path, code) in [(folder.path + "/none.jsonl", ResultsError.Code.notFound), (folder.path, .isFolder)] {
            let error = #expect(throws: ResultsError.self) { try ResultReader(path: path).read { _, _ in } }
            #expect(error?.code == code && error?.message.contains(path) == true)
        }
    }

    @Test(
        arguments: [
            ("0", 0), ("1423.1", 1_423_100), ("0.001", 1), ("5", 5000), ("12.3456", 12_345), ("1e3", 1_000_000),
            ("1.4231E3", 1_423_100), ("-1", nil), ("null", nil), ("\"5\"", nil), ("1e99", nil),
            ("123456789012.123", 123_456_789_012_123),
        ] as [(String, Int64?)])
    func millisecondsAreReadToTheMicrosecond(text: String, expected: Int64?) throws {
        var found: Int64?
        var scanner = RecordScanner()
        Array(#"{"type":"other","durationMs":\#(text)}"#.utf8).withUnsafeBufferPointer { line in
            #expect(scanner.scan(line) == nil)
            found = scanner.microseconds(.durationMs)
        }
        #expect(found == expected)
    }
}
