import JSONText
import JobModel
import TestSupport
import Testing

@testable import Results

@Suite struct ReportTests {
    /// Writes the records of one run as a recorder would.
    private struct Script {
        var bytes: [UInt8] = []

        mutating func run(
            _ id: String, job: String = "nightly-sync", trigger: Trigger = .manual, at second: Int64 = 0,
            _ results: [InvocationResult], end: RunEnd.Reason? = .completed, seconds: Int64 = 2
        ) {
            var run = Sample.run(id: id, job: job, trigger: trigger)
            run.startedAt = run.startedAt + .seconds(second)
            run.nominalTime = run.nominalTime + .seconds(second)
            var encoder = RecordEncoder(run: run, policy: RecordPolicy())
            encoder.appendRun(version: "1.0.0", to: &bytes)
            encoder.appendWindow(upTo: results.count, inputBytes: 1, inputSHA256: "ab", to: &bytes)
            for var result in results {
                result.startedAt = run.startedAt
                encoder.append(result, to: &bytes)
            }
            guard let end else { return }
            var runEnd = Sample.end(end, rows: results.count)
            runEnd.duration = .seconds(seconds)
            encoder.appendSummary(
                runEnd, isComplete: end == .completed, latencies: LatencyHistogram(), to: &bytes)
        }
    }

    private func failed(_ index: Int, _ errorClass: ErrorClass = .function, code: String? = "c.x", status: Int? = 901)
        -> InvocationResult
    {
        var result = Sample.result(
            index, .failed, error: InvocationError(errorClass, code: code, message: "boom \(index)"))
        result.status = status
        return result
    }

    private func report(_ files: Script...) throws -> Report {
        let folder = try TemporaryFolder()
        var builder = ReportBuilder()
        for (number, file) in files.enumerated() {
            try builder.add(ResultReader(path: try folder.write("out-\(number).jsonl", file.bytes)))
        }
        var report = builder.build()
        // Messages and golden texts must not hold the folder's random name.
        for position in report.files.indices { report.files[position].path = "out-\(position).jsonl" }
        for position in report.incomplete.indices { report.incomplete[position].file = "out.jsonl" }
        return report
    }

    @Test func oneRunIsCounted() throws {
        var file = Script()
        var retried = Sample.result(1, latency: .milliseconds(10))
        retried.attempts = 3
        var cancelled = Sample.result(3, .cancelled, error: InvocationError(.cancelled, message: "stopped"))
        (cancelled.status, cancelled.latency, cancelled.attempts) = (nil, nil, 0)
        var unknown = Sample.result(4, .unknown, error: InvocationError(.timeout, message: "no answer"))
        unknown.status = nil
        file.run("r1", [Sample.result(0), retried, failed(2), cancelled, unknown])
        let totals = try report(file).total
        #expect((totals.runs, totals.incompleteRuns, totals.rows) == (1, 0, 5))
        #expect((totals.succeeded, totals.failed, totals.unknown, totals.cancelled) == (2, 1, 1, 1))
        #expect((totals.attempts, totals.retries, totals.records, totals.sent) == (6, 2, 5, 4))
        #expect(totals.statuses == [200: 2, 901: 1])
        #expect(totals.failures == [.function: 1, .cancelled: 1, .timeout: 1])
        #expect(totals.latencies.count == 4)
        #expect(totals.duration == .seconds(2) && totals.perSecond == 2)
    }

    @Test func aRowsLastRecordCounts() throws {
        var file = Script()
        file.run("r1", [failed(0), failed(1), Sample.result(2)], end: nil)
        file.run("r2", at: 60, [Sample.result(0)])
        let report = try report(file)
        #expect(report.total.rows == 3 && report.total.succeeded == 2 && report.total.failed == 1)
        #expect(report.total.records == 4 && report.total.attempts == 4)
        #expect(report.total.failures == [.function: 1])
        #expect(
            report.incomplete == [
                .init(file: "out.jsonl", runID: "r1", job: "nightly-sync", reason: .noSummary, isResumed: true)
            ])
    }

    @Test func occurrencesHaveRowsOfTheirOwn() throws {
        var file = Script()
        file.run("r1", trigger: .schedule, [failed(0)])
        file.run("r2", trigger: .schedule, at: 3600, [Sample.result(0)])
        // By hand, with the first occurrence's nominal time: goes on with that one.
        file.run("r3", trigger: .manual, at: 0, [Sample.result(0)])
        let totals = try report(file).total
        #expect((totals.runs, totals.rows, totals.succeeded) == (3, 2, 2))
    }

    @Test func filesAreShardsThatAddUp() throws {
        var (first, second) = (Script(), Script())
        first.run("r1", [Sample.result(0), failed(2)], seconds: 4)
        second.run("r2", at: 2, [Sample.result(1), Sample.result(3)], seconds: 4)
        second.run("r3", job: "other", at: 100, [Sample.result(0)], end: .stopped, seconds: 1)
        let report = try report(first, second)
        #expect(report.jobs.map(\.name) == ["nightly-sync", "other"])
        #expect(report.jobs[0].totals.rows == 4 && report.jobs[0].totals.failed == 1)
        #expect(report.jobs[0].totals.duration == .seconds(6))
        #expect(report.total.rows == 5 && report.total.duration == .seconds(7))
        #expect(report.incomplete.map(\.reason) == [.stopped])
        #expect(report.incomplete.map(\.isResumed) == [false])
    }

    @Test func aRunWithoutItsFirstRecordIsCountedAllTheSame() throws {
        var file = Script()
        file.run("r1", [Sample.result(0), Sample.result(1)], end: nil)
        let newline = try #require(file.bytes.firstIndex(of: UInt8(ascii: "\n")))
        file.bytes.removeFirst(newline + 1)
        let report = try report(file)
        #expect(report.total.rows == 2 && report.total.runs == 1)
        #expect(report.jobs.map(\.name) == ["nightly-sync"])
        #expect(report.total.duration == .microseconds(1_423_000) || report.total.duration == .microseconds(1_423_100))
    }

    @Test func endlesslyManyCodesShareAnEntry() throws {
        var file = Script()
        file.run("r1", (0..<1000).map { failed($0, code: "code-\($0)") })
        let totals = try report(file).total
        #expect(totals.codes.count == 201)
        #expect(totals.codes.values.reduce(0) { $0 + $1.records } == 1000)
        #expect(totals.failures == [.function: 1000])
    }

    @Test func everyOutcomeAndClassSurvivesPacking() {
        for outcome in Outcome.allCases {
            for errorClass in [nil] + ErrorClass.allCases.map(Optional.some) {
                for status in [0, 1, 200, 901, 1023] as [UInt16] {
                    let row = ReportedRow(
                        index: 1 << 47, code: RowCode(outcome, errorClass), status: status)
                    #expect(row.index == 1 << 47 && row.status == status)
                    #expect((row.code.outcome, row.code.errorClass) == (outcome, errorClass))
                    #expect((1...63).contains(row.code.value))
                }
            }
        }
    }

    private func sample() throws -> Report {
        var file = Script()
        file.run("r1", [Sample.result(0), failed(1), failed(2, .rateLimited, code: nil, status: 429)], end: .stopped)
        file.run("r2", job: "smoke", [Sample.result(0)])
        file.bytes += Array("what\n{\"type\":\"inv".utf8)
        return try report(file)
    }

    @Test func textForPeople() throws {
        let text = try sample().text(width: 120)
        #expect(
            text == """
                job           runs  rows  succeeded  failed  unknown  cancelled    time   rate
                nightly-sync     1     3          1       2        0          0  2.00 s  1.5/s
                smoke            1     1          1       0        0          0  2.00 s  0.5/s
                total            2     4          2       2        0          0  2.00 s  2.0/s

                requests      attempts  retries     p50     p90     p95     p99     max
                nightly-sync         3        0  123 ms  123 ms  123 ms  123 ms  123 ms
                smoke                1        0  123 ms  123 ms  123 ms  123 ms  123 ms
                total                4        0  123 ms  123 ms  123 ms  123 ms  123 ms

                failures      class        rows  records  code  message
                nightly-sync  function        1        1  c.x   boom 1
                nightly-sync  rateLimited     1        1  -     boom 2

                statuses: 200 × 2, 429 × 1, 901 × 1

                incomplete: run r1 of nightly-sync in out.jsonl was stopped before the end of its input; go on \
                with --resume out.jsonl
                note: out-0.jsonl: a torn last line of 12 bytes was left out
                note: out-0.jsonl: 1 line is no record, the first is line 11: not a JSON object

                """)
    }

    @Test func jsonForPrograms() throws {
        let text = Sample.text(try sample().json())
        #expect(
            text == """
                {"schema":1,"files":[{"file":"out-0.jsonl","bytes":2327,"records":10,"tornBytes":12,"badLines":1,\
                "firstBadLine":{"line":11,"reason":"not a JSON object"}}],\
                "jobs":[{"job":"nightly-sync","runs":1,"incompleteRuns":1,"rows":3,"succeeded":1,"failed":2,\
                "unknown":0,"cancelled":0,"records":3,"attempts":3,"retries":0,\
                "startedAt":"2026-11-22T01:15:01.123Z","finishedAt":"2026-11-22T01:15:03.123Z","durationMs":2000,\
                "perSecond":1.5,"latencyMs":{"p50":123.4,"p90":123.4,"p95":123.4,"p99":123.4,"max":123.4},\
                "statuses":{"200":1,"429":1,"901":1},"errors":[\
                {"class":"function","rows":1,"codes":[{"code":"c.x","records":1,"message":"boom 1"}]},\
                {"class":"rateLimited","rows":1,"codes":[{"records":1,"message":"boom 2"}]}]},\
                {"job":"smoke","runs":1,"incompleteRuns":0,"rows":1,"succeeded":1,"failed":0,\
                "unknown":0,"cancelled":0,"records":1,"attempts":1,"retries":0,\
                "startedAt":"2026-11-22T01:15:01.123Z","finishedAt":"2026-11-22T01:15:03.123Z","durationMs":2000,\
                "perSecond":0.5,"latencyMs":{"p50":123.4,"p90":123.4,"p95":123.4,"p99":123.4,"max":123.4},\
                "statuses":{"200":1},"errors":[]}],\
                "total":{"runs":2,"incompleteRuns":1,"rows":4,"succeeded":2,"failed":2,\
                "unknown":0,"cancelled":0,"records":4,"attempts":4,"retries":0,\
                "startedAt":"2026-11-22T01:15:01.123Z","finishedAt":"2026-11-22T01:15:03.123Z","durationMs":2000,\
                "perSecond":2,"latencyMs":{"p50":123.4,"p90":123.4,"p95":123.4,"p99":123.4,"max":123.4},\
                "statuses":{"200":2,"429":1,"901":1},"errors":[\
                {"class":"function","rows":1,"codes":[{"code":"c.x","records":1,"message":"boom 1"}]},\
                {"class":"rateLimited","rows":1,"codes":[{"records":1,"message":"boom 2"}]}]},\
                "incomplete":[{"file":"out.jsonl","runId":"r1","job":"nightly-sync","reason":"stopped",\
                "resumed":false}]}

                """)
    }

    @Test func anEmptyFileIsToldNotCounted() throws {
        let report = try report(Script())
        #expect(report.total.rows == 0 && report.total.runs == 0)
        #expect(report.text(width: 80).contains("note: out-0.jsonl: holds no records"))
        #expect(throws: Never.self) { try JSONParser.parse(report.json()) }
    }

    @Test func messagesAreCutToTheWidthAndCannotSteerTheTerminal() throws {
        var file = Script()
        var result = failed(0)
        result.error?.message = "\u{1B}[31mred\u{7}\n" + String(repeating: "long ", count: 50)
        file.run("r1", [result])
        let text = try report(file).text(width: 70)
        let table = text.split(separator: "\n").drop { !$0.hasPrefix("failures") }.prefix(3)
        #expect(table.count == 3 && table.allSatisfy { $0.count <= 70 })
        #expect(table.last?.hasSuffix("…") == true)
        #expect(!text.unicodeScalars.contains { $0.value < 32 && $0 != "\n" })
    }
}
