import JSONText
import JobModel
import TestSupport
import Testing

@testable import Results

@Suite struct RecordEncoderTests {
    private func line(
        policy: RecordPolicy = RecordPolicy(), _ result: InvocationResult, run: RunDescription = Sample.run()
    ) -> String {
        var encoder = RecordEncoder(run: run, policy: policy)
        var output: [UInt8] = []
        encoder.append(result, to: &output)
        return Sample.text(output)
    }

    private func response(_ body: [UInt8], limit: Int = 64 * 1024) -> (value: JSONValue?, isTruncated: Bool) {
        var policy = RecordPolicy()
        policy.maxResponse = limit
        var result = Sample.result(0)
        result.answer?.body = body
        let record = try? JSONParser.parse(line(policy: policy, result))
        return (record?["response"], record?["responseTruncated"]?.boolValue ?? false)
    }

    // MARK: - Golden lines

    @Test func runRecord() {
        var output: [UInt8] = []
        RecordEncoder(run: Sample.run(), policy: RecordPolicy()).appendRun(version: "1.0.0", to: &output)
        #expect(
            Sample.text(output) == """
                {"type":"run","runId":"01939f5e-0000-7000-8000-000000000001","job":"nightly-sync","trigger":"schedule",\
                "nominalTime":"2026-11-22T01:15:00Z","startedAt":"2026-11-22T01:15:01.123Z",\
                "input":{"file":"customers.csv"},"jobHash":"c0ffee","tzdata":"2026f","fnrun":"1.0.0","schema":1}

                """)
    }

    @Test func runsSayWhatPartTheyTake() throws {
        var run = Sample.run()
        run.shard = Shard(number: 2, total: 4)
        run.only = "failed"
        run.acceptsChanges = true
        var line: [UInt8] = []
        RecordEncoder(run: run, policy: RecordPolicy()).appendRun(version: "1.0.0", to: &line)
        #expect(
            Sample.text(line).contains(
                #""jobHash":"c0ffee","shard":"2/4","only":"failed","acceptedChanges":true,"tzdata":"2026f""#))
        var plain: [UInt8] = []
        RecordEncoder(run: Sample.run(), policy: RecordPolicy()).appendRun(version: "1.0.0", to: &plain)
        for name in ["shard", "only", "acceptedChanges"] { #expect(!Sample.text(plain).contains(name)) }
    }

    @Test func carriedRecords() {
        let encoder = RecordEncoder(run: Sample.run(id: "r"), policy: RecordPolicy())
        var lines: [UInt8] = []
        encoder.appendCarried(index: 7, key: "c-\"7", outcome: .succeeded, to: &lines)
        encoder.appendCarried(index: 8, key: nil, outcome: .failed, errorClass: .platform, to: &lines)
        #expect(
            Sample.text(lines) == #"""
                {"type":"carried","runId":"r","index":7,"key":"c-\"7","outcome":"succeeded"}
                {"type":"carried","runId":"r","index":8,"key":"8","outcome":"failed","error":{"class":"platform"}}

                """#)
    }

    @Test func runRecordWithoutFileAndTimeZoneData() {
        var run = Sample.run(trigger: .manual, inputFile: nil, tzdata: "")
        run.nominalTime = run.startedAt
        var output: [UInt8] = []
        RecordEncoder(run: run, policy: RecordPolicy()).appendRun(version: "1.0.0", to: &output)
        #expect(
            Sample.text(output) == """
                {"type":"run","runId":"01939f5e-0000-7000-8000-000000000001","job":"nightly-sync","trigger":"manual",\
                "nominalTime":"2026-11-22T01:15:01.123Z","startedAt":"2026-11-22T01:15:01.123Z",\
                "input":{"inline":true},"jobHash":"c0ffee","fnrun":"1.0.0","schema":1}

                """)
    }

    @Test func windowRecord() {
        var output: [UInt8] = []
        RecordEncoder(run: Sample.run(), policy: RecordPolicy())
            .appendWindow(upTo: 1000, inputBytes: 73421, inputSHA256: "ab12", to: &output)
        #expect(
            Sample.text(output) == """
                {"type":"window","runId":"01939f5e-0000-7000-8000-000000000001","upTo":1000,"inputBytes":73421,\
                "inputSha256":"ab12"}

                """)
    }

    @Test func succeededInvocation() {
        var result = Sample.result(17, response: " { \"ok\" : true } \n")
        result.row.key = "c-17"
        result.attempts = 2
        #expect(
            line(result) == """
                {"type":"invocation","runId":"01939f5e-0000-7000-8000-000000000001","job":"nightly-sync",\
                "lambda":"syncCustomer","index":17,"key":"c-17","outcome":"succeeded","status":200,"attempts":2,\
                "startedAt":"2026-11-22T01:15:01.123Z","durationMs":1423.1,"latencyMs":123.4,\
                "requestId":"5a0e8f2e-7f1c-4a57-9d3e-000000000001","response":{"ok":true}}

                """)
    }

    @Test func failedInvocationWithRequest() {
        var policy = RecordPolicy()
        policy.request = true
        var result = Sample.result(18, .failed, response: "oops")
        result.status = 901
        result.error = InvocationError(.function, code: "com.liveperson.x", message: "said \"no\"\n")
        #expect(
            line(policy: policy, result) == #"""
                {"type":"invocation","runId":"01939f5e-0000-7000-8000-000000000001","job":"nightly-sync",\#
                "lambda":"syncCustomer","index":18,"key":"18","outcome":"failed","status":901,"attempts":1,\#
                "startedAt":"2026-11-22T01:15:01.123Z","durationMs":1423.1,"latencyMs":123.4,\#
                "requestId":"5a0e8f2e-7f1c-4a57-9d3e-000000000001","request":{"id":1},"response":"oops",\#
                "error":{"class":"function","code":"com.liveperson.x","message":"said \"no\"\n"}}

                """#)
    }

    @Test func rejectedRowHasNeitherRequestNorLatency() {
        let error = InvocationError(.input, message: "line 3: not JSON")
        let row = PreparedRow(index: 2, key: nil, content: .rejected(error))
        let result = InvocationResult(row: row, outcome: .failed, startedAt: Sample.start, error: error)
        #expect(
            line(result) == """
                {"type":"invocation","runId":"01939f5e-0000-7000-8000-000000000001","job":"nightly-sync",\
                "lambda":"syncCustomer","index":2,"key":"2","outcome":"failed","attempts":0,\
                "startedAt":"2026-11-22T01:15:01.123Z","durationMs":0,\
                "error":{"class":"input","message":"line 3: not JSON"}}

                """)
    }

    @Test func summaryRecord() {
        var latencies = LatencyHistogram()
        for milliseconds in 1...100 { latencies.record(.milliseconds(milliseconds)) }
        var output: [UInt8] = []
        let encoder = RecordEncoder(run: Sample.run(), policy: RecordPolicy())
        encoder.appendSummary(
            Sample.end(rows: 10, succeeded: 6, failed: 2, unknown: 1, cancelled: 1), isComplete: false,
            latencies: latencies, to: &output)
        let record = try? JSONParser.parse(output)
        let line = Sample.text(output)
        #expect(
            line.hasPrefix(
                """
                {"type":"summary","runId":"01939f5e-0000-7000-8000-000000000001","job":"nightly-sync",\
                "finishedAt":"2026-11-22T01:15:03.123Z","complete":false,"rows":10,"succeeded":6,"failed":2,\
                "unknown":1,"cancelled":1,"attempts":10,"durationMs":2500,"latencyMs":{"p50":
                """))
        #expect(line.hasSuffix(#","max":100}}"# + "\n"))
        for (name, exact) in [("p50", 50.0), ("p90", 90), ("p99", 99), ("max", 100)] {
            let value = record?["latencyMs"]?[name]?.numberValue?.doubleValue ?? 0
            #expect(abs(value - exact) <= exact / 100)
        }
    }

    @Test func summaryOfNothingSentHasNoLatencies() {
        var output: [UInt8] = []
        RecordEncoder(run: Sample.run(), policy: RecordPolicy())
            .appendSummary(Sample.end(), isComplete: true, latencies: LatencyHistogram(), to: &output)
        #expect(
            Sample.text(output).hasSuffix(
                #""complete":true,"rows":1,"succeeded":1,"failed":0,"unknown":0,"#
                    + #""cancelled":0,"attempts":1,"durationMs":2500}"# + "\n"))
    }

    // MARK: - Closed sets

    @Test(arguments: Outcome.allCases) func everyOutcomeIsWrittenByItsName(outcome: Outcome) throws {
        let record = try JSONParser.parse(line(Sample.result(0, outcome)))
        #expect(record["outcome"]?.stringValue == outcome.rawValue)
    }

    @Test(arguments: ErrorClass.allCases) func everyErrorClassIsWrittenByItsName(errorClass: ErrorClass) throws {
        let result = Sample.result(0, .failed, error: InvocationError(errorClass, message: "m"))
        let record = try JSONParser.parse(line(result))
        #expect(record["error"]?["class"]?.stringValue == errorClass.rawValue)
        #expect(ErrorClass.allCases[errorClass.position] == errorClass)
    }

    // MARK: - Answers

    @Test(arguments: [
        ("{ \"a\" : [ 1.10 , 12345678901234567890 ] }", "{\"a\":[1.10,12345678901234567890]}"),
        ("1e400", "1e400"), (" null ", "null"), ("\"x y\"", "\"x y\""), ("", "\"\""), ("<html>", "\"<html>\""),
        ("{\"a\":1", "\"{\\\"a\\\":1\""), ("{}{}", "\"{}{}\""), ("a\nb\u{0}", "\"a\\nb\\u0000\""),
    ])
    func answersAreFoldedJSONOrAString(body: String, expected: String) {
        let line = line(Sample.result(0, response: body))
        #expect(line.hasSuffix(#","response":"# + expected + "}\n"), "\(line)")
    }

    @Test func anAnswerWithoutRecordingLeavesNoTrace() {
        var policy = RecordPolicy()
        policy.response = false
        #expect(!line(policy: policy, Sample.result(0)).contains("response"))
    }

    @Test func invalidUTF8IsReplaced() {
        #expect(response([0x61, 0xFF, 0x62]).value?.stringValue == "a\u{FFFD}b")
        #expect(response([0x22, 0xC3, 0x22]).value?.stringValue == "\"\u{FFFD}\"")
    }

    /// Cut inside and outside of sequences of two, three and four bytes.
    @Test(arguments: [
        ("abcdef", 6, "abcdef", false), ("abcdef", 5, "abcde", true), ("aéé", 3, "aé", true), ("aéé", 4, "aé", true),
        ("a€€", 4, "a€", true), ("a€€", 5, "a€", true), ("a€€", 6, "a€", true), ("a😀", 4, "a", true),
        ("a😀", 2, "a", true), ("a😀", 5, "a😀", false), ("abc", 0, "", true), ("{\"a\":1}", 3, "{\"a", true),
    ])
    func longAnswersAreCutBetweenCharacters(body: String, limit: Int, expected: String, isTruncated: Bool) {
        let (value, wasTruncated) = response(Array(body.utf8), limit: limit)
        #expect(wasTruncated == isTruncated)
        #expect(value?.stringValue == expected)
    }

    @Test func bytesWithoutAnyBoundaryAreCutAllTheSame() {
        let (value, isTruncated) = response([UInt8](repeating: 0x80, count: 100), limit: 10)
        #expect(isTruncated)
        #expect(value?.stringValue?.unicodeScalars.count == 10)
    }

    @Test func anAnswerAsDeepAsAReaderBearsStaysJSON() {
        let deepest = JSONParser.depthLimit - 1
        for (depth, isArray) in [(deepest, true), (deepest + 1, false)] {
            let body = Array((String(repeating: "[", count: depth) + String(repeating: "]", count: depth)).utf8)
            let value = response(body).value
            #expect(value != nil && (value?.arrayValue != nil) == isArray)
        }
    }

    // MARK: - Numbers and times

    @Test(
        arguments: [
            (0, "0"), (1, "0.001"), (10, "0.01"), (100, "0.1"), (1000, "1"), (1_423_100, "1423.1"),
            (123_456, "123.456"),
            (120_030, "120.03"), (-7, "0"), (.max, "9223372036854775.807"),
        ] as [(Int64, String)])
    func millisecondsHaveAtMostThreeDecimals(microseconds: Int64, expected: String) {
        var output: [UInt8] = []
        RecordEncoder.append(milliseconds: microseconds, to: &output)
        #expect(Sample.text(output) == expected)
    }

    @Test func cachedSecondsDoNotStick() {
        var writer = TimestampWriter()
        for microseconds: Int64 in [0, 999_999, 1_000_000, 61_005_000, -1, 0] {
            var output: [UInt8] = []
            let time = Timestamp(microseconds: microseconds)
            writer.append(time, to: &output)
            #expect(Sample.text(output) == time.rfc3339())
        }
    }

    // MARK: - Properties

    @Test func everyLineParsesAndKeepsItsText() throws {
        var random = SeededGenerator(seed: 42)
        let alphabet: [Unicode.Scalar] = [
            "a", "\"", "\\", "\n", "\u{0}", "é", "😀", "\u{2028}", "/", "\u{7F}", "}", ",",
        ]
        func text() -> String {
            var scalars = String.UnicodeScalarView()
            for _ in 0..<Int.random(in: 0...20, using: &random) {
                if let scalar = alphabet.randomElement(using: &random) { scalars.append(scalar) }
            }
            return String(scalars)
        }
        var scanner = RecordScanner()
        for index in 0..<500 {
            let (job, key, message, digits) = (
                text(), text(), text(), "\(UInt64.random(in: 0...(.max), using: &random))"
            )
            var result = Sample.result(index, .failed, response: "{ \"n\" : \(digits).50 }")
            result.row.key = key
            result.error = InvocationError(.function, code: text(), message: message)
            let line = line(result, run: Sample.run(job: job))
            #expect(line.utf8.filter { $0 == UInt8(ascii: "\n") }.count == 1)
            let record = try JSONParser.parse(line)
            #expect(record["job"]?.stringValue == job)
            #expect(record["key"]?.stringValue == key)
            #expect(record["error"]?["message"]?.stringValue == message)
            #expect(record["response"]?["n"]?.numberValue?.text == digits + ".50")
            Array(line.dropLast().utf8).withUnsafeBufferPointer { bytes in
                #expect(scanner.scan(bytes) == nil)
                #expect(scanner.text(.key) == key)
                #expect(scanner.error?.message == message)
            }
        }
    }
}
