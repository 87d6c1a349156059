import JobModel
import TestSupport
import Testing

@testable import Results

/// A line that begins like the one before takes another way through the scanner: both must see the same.
@Suite struct RecordScannerTests {
    private static let prefix = #"{"type":"invocation","runId":"r","job":"j","lambda":"l","index":"#
    private static let first =
        prefix
        + #"1,"key":"k","outcome":"succeeded","status":200,"attempts":1,"startedAt":"t","durationMs":1,"latencyMs":1.5,"#
        + #""requestId":"q","request":{"a":1},"response":{"b":2},"responseTruncated":true,"error":{"class":"function"}}"#

    private struct View: Equatable {
        var fault: String?
        var kind: RecordKind
        var members: [String]
        var index: Int?
        var outcome: Outcome?
        var errorClass: ErrorClass?
    }

    @Test(arguments: [(1 << 24, true), ((1 << 24) + 1, false), (999_999_999_999_999_999, false)])
    func moreAttemptsThanThereCanBeAreAFault(attempts: Int, isSound: Bool) {
        var scanner = RecordScanner()
        let line = #"{"type":"invocation","runId":"r","index":0,"outcome":"succeeded","attempts":\#(attempts)}"#
        #expect(view(&scanner, Array(line.utf8)).fault == (isSound ? nil : "more attempts than there can be"))
    }

    private func view(_ scanner: inout RecordScanner, _ line: [UInt8]) -> View {
        line.withUnsafeBufferPointer { bytes in
            let fault = scanner.scan(bytes).map { "\($0)" }
            guard fault == nil else { return View(fault: fault, kind: .other, members: []) }
            return View(
                fault: nil, kind: scanner.kind,
                members: RecordField.allCases.map { field in
                    scanner.has(field) ? Sample.text(Array(scanner.json(field))) : "absent"
                }, index: scanner.integer(.index), outcome: scanner.outcome, errorClass: scanner.errorClass)
        }
    }

    private func expectSame(_ line: [UInt8]) {
        var fresh = RecordScanner()
        var primed = RecordScanner()
        let expected = view(&fresh, line)
        _ = view(&primed, Array(Self.first.utf8))
        #expect(view(&primed, line) == expected, "\(Sample.text(line))")
        // And whatever it was, the next one is read well.
        #expect(view(&primed, Array(Self.first.utf8)).index == 1)
    }

    @Test(arguments: [
        #"2,"key":"k2","outcome":"failed","status":901,"attempts":4}"#,
        #"2,"outcome":"failed"}"#, #"2}"#, #"2,"outcome":"failed""#, #"2,"outcome":"failed"} "#,
        #"2,"outcome":"failed"}}"#, #"2,"outcome":"failed","outcome":"succeeded"}"#,
        #"2,"attempts":1,"outcome":"failed"}"#, #"2,"outcome":"failed","future":[{"outcome":"succeeded"}]}"#,
        #"2, "outcome":"failed"}"#, #"2,"outcome" :"failed"}"#, #"2 ,"outcome":"failed"}"#,
        #"2,"key":"a\",\"outcome\":\"succeeded","outcome":"failed"}"#, #"2,"key":"\\","outcome":"failed"}"#,
        #"2,"key":"\\\"","outcome":"failed"}"#, #"2,"key":"é😀","outcome":"failed"}"#,
        #"2,"key":"","outcome":"failed"}"#,
        #"2,"key":null,"outcome":"failed"}"#, #"2,"key":5,"outcome":"failed"}"#, #"2,"outcome":"fail\u0065d"}"#,
        #"2,"outcome":"fine"}"#, #"2,"outcome":null}"#, #"-2,"outcome":"failed"}"#, #"2.5,"outcome":"failed"}"#,
        #"2e3,"outcome":"failed"}"#, #"007,"outcome":"failed"}"#, #""2","outcome":"failed"}"#,
        #"281474976710655,"outcome":"failed"}"#, #"281474976710656,"outcome":"failed"}"#,
        #"99999999999999999999999,"outcome":"failed"}"#, #"[2],"outcome":"failed"}"#, #",\"outcome":"failed"}"#, "",
        "{",
        #"2,"outcome":"failed","response":{"outcome":"succeeded","error":{"class":"timeout"}}}"#,
        #"2,"outcome":"failed","response":"},\"outcome\":\"succeeded\"}"}"#,
        #"2,"outcome":"failed","response":{"a":"]}\\","b":[[{}],"{"]},"error":{"class":"platform","message":"m"}}"#,
        #"2,"outcome":"failed","response":{"a":"}"#, #"2,"outcome":"failed","response":[}]}"#,
        #"2,"outcome":"failed","response":{"a":1}},"error":{"class":"platform"}}"#,
        #"2,"outcome":"failed","error":{"class":"timeout","code":"a","message":"b"}}"#,
        #"2,"outcome":"failed","error":{"class":"timeout","message":"b","code":"a"}}"#,
        #"2,"outcome":"failed","error":{"class":"timeout","message":"b","class":"platform"}}"#,
        #"2,"outcome":"failed","error":{"class":"time\u006fut"}}"#,
        #"2,"outcome":"failed","error":{"class":"timeout"x}}"#,
        #"2,"outcome":"failed","error":{"class":"timeout","message":"ü"}}"#, #"2,"outcome":"failed","error":null}"#,
        #"2,"outcome":"failed","error":{"class":"never","message":"m"}}"#, #"2,"outcome":"failed","error":"timeout"}"#,
        #"2,"outcome":"failed","type":"run"}"#, #"2,"outcome":"failed","runId":"other"}"#,
        #"2,"outcome":"failed","index":3}"#, #"2,"outcome":"failed","latencyMs":1e3,"requestId":"}"}"#,
        #"2,"outcome":"failed","requestId":"q","response":1,"request":2}"#, #"2,"outcome":"failed",}"#,
        "2,\"outcome\":\"failed\"}\r", "2,\"outcome\":\"failed\",\"response\":\t{}}",
    ])
    func aRepeatedBeginningChangesNothing(rest: String) {
        expectSame(Array((Self.prefix + rest).utf8))
    }

    @Test(arguments: [
        #"{"type":"run","runId":"r"}"#, #"{"type":"window","upTo":4,"runId":"r"}"#, "nothing", "",
        #"{"index":2,"type":"invocation","runId":"r","job":"j","lambda":"l","outcome":"failed"}"#,
        #"{"type":"invocation","runId":"s","job":"j","lambda":"l","index":2,"outcome":"failed"}"#,
        #"{"type":"invocation","runId":"r","runId":"s","job":"j","lambda":"l","index":2,"outcome":"failed"}"#,
        #" {"type":"invocation","runId":"r","job":"j","lambda":"l","index":2,"outcome":"failed"}"#,
        #"{"type":"carried","runId":"r","index":2,"key":"k","outcome":"failed"}"#,
        #"{"type":"carried","runId":"r","index":2,"key":"k"}"#,
    ])
    func otherLinesInBetweenChangeNothing(line: String) {
        expectSame(Array(line.utf8))
    }

    @Test func everyCutAndEveryFlippedByteIsSeenAlike() {
        let line = Array(Self.first.utf8)
        for length in 0...line.count { expectSame(Array(line.prefix(length))) }
        for position in line.indices {
            for byte in Array("\"\\{}[],: 0x".utf8) {
                var changed = line
                changed[position] = byte
                expectSame(changed)
            }
        }
    }

    @Test func randomMixesAreSeenAlike() {
        var random = SeededGenerator(seed: 11)
        let pieces = [
            "\"", "\\", "{", "}", "[", "]", ",", ":", "1", "abcdefgh", "ABCYy_\u{7F}", #","key":"#, #","outcome":"#,
            #""failed""#, #","response":"#, #","status":"#, #","error":"#, " ", "é",
        ]
        for _ in 0..<3000 {
            let count = Int.random(in: 0...14, using: &random)
            let rest = (0..<count).map { _ in pieces.randomElement(using: &random) ?? "" }.joined()
            expectSame(Array((Self.prefix + "2,\"outcome\":\"failed\",\"response\":" + rest).utf8))
            expectSame(Array((Self.prefix + "2" + rest + "}").utf8))
        }
    }

    @Test func linesOfTheEncoderAreReadBack() throws {
        var policy = RecordPolicy()
        policy.request = true
        var encoder = RecordEncoder(run: Sample.run(), policy: policy)
        var scanner = RecordScanner()
        for (number, outcome) in (Outcome.allCases + Outcome.allCases).enumerated() {
            var line: [UInt8] = []
            let error = outcome == .succeeded ? nil : InvocationError(.platform, code: "c", message: "no \"luck\"")
            encoder.append(Sample.result(number, outcome, error: error), to: &line)
            let view = view(&scanner, line.dropLast())
            #expect((view.index, view.outcome, view.errorClass) == (number, outcome, error?.errorClass))
        }
    }
}
