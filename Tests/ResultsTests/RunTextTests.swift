import JobModel
import Testing

@testable import Results

@Suite struct RunTextTests {
    @Test func theSummaryOfAGoodRun() {
        var tally = RunTally()
        for index in 0..<20 { tally.add(Sample.result(index)) }
        let lines = RunSummaryText.lines(
            job: "nightly-sync", end: Sample.end(rows: 20, succeeded: 20), tally: tally, output: "results/a.jsonl")
        #expect(
            lines == [
                "nightly-sync: 20 rows in 2.50 s (8.0/s): 20 succeeded, 0 failed",
                "  attempts 20; latency p50 123 ms, p90 123 ms, p99 123 ms, max 123 ms",
                "  results: results/a.jsonl",
            ])
    }

    @Test func theSummaryOfABadRunNamesClassesAndReason() {
        var tally = RunTally()
        for index in 0..<3 { tally.add(Sample.result(index, .failed, error: .init(.function, message: ""))) }
        for index in 3..<8 { tally.add(Sample.result(index, .failed, error: .init(.rateLimited, message: ""))) }
        tally.add(Sample.result(9, .unknown, error: .init(.timeout, message: "")))
        let lines = RunSummaryText.lines(
            job: "j", end: Sample.end(.intolerable, rows: 11, succeeded: 1, failed: 8, unknown: 1, cancelled: 1),
            tally: tally, output: nil)
        #expect(lines[0].hasSuffix("1 succeeded, 8 failed, 1 unknown (may have run), 1 cancelled (not sent)"))
        #expect(lines[1] == "  failed: rateLimited 5, function 3")
        #expect(RunSummaryText.reason(.intolerable) == "more failures than `tolerate` allows")
    }

    @Test func aRunThatWentOnWithAFileIsToldApart() {
        var end = Sample.end(rows: 1000, succeeded: 990, failed: 10)
        end.own = Sample.end(rows: 400, succeeded: 395, failed: 5).counts
        end.duration = .seconds(3)
        let lines = RunSummaryText.lines(job: "j", end: end, tally: RunTally(), output: nil)
        #expect(
            lines == [
                "j: 1000 rows: 990 succeeded, 10 failed", "  this run: 400 rows in 3.00 s (133/s)", "  attempts 1000",
            ])
        end.own = RunCounts()
        let idle = RunSummaryText.lines(job: "j", end: end, tally: RunTally(), output: nil)
        #expect(idle[1] == "  this run: 0 rows in 3.00 s")
    }

    @Test(arguments: [
        RunEnd.Reason.intolerable, .deadline, .refused("why"), .unreachable("why"), .stopped, .input("why"),
        .output("why"),
    ])
    func everyEarlyEndSaysWhy(reason: RunEnd.Reason) {
        #expect(RunSummaryText.reason(reason)?.isEmpty == false)
        #expect(RunSummaryText.reason(.completed) == nil)
    }

    @Test(
        arguments: [
            (0, "0.0 ms"), (440, "0.4 ms"), (9999, "10.0 ms"), (123_400, "123 ms"), (1_423_100, "1.42 s"),
            (59_999_999, "60.00 s"), (125_000_000, "2m 05s"), (3_780_000_000, "1h 03m"), (-5, "0.0 ms"),
        ] as [(Int64, String)])
    func durations(microseconds: Int64, expected: String) {
        #expect(DisplayText.duration(microseconds: microseconds) == expected)
    }

    @Test(arguments: [
        (0, "0.0/s"), (14.14, "14.1/s"), (99.96, "100.0/s"), (5230.4, "5230/s"), (.nan, "0/s"), (.infinity, "0/s"),
    ])
    func rates(perSecond: Double, expected: String) {
        #expect(DisplayText.rate(perSecond) == expected)
    }

    private func snapshot() -> ProgressSnapshot {
        var snapshot = ProgressSnapshot(job: "nightly-sync")
        snapshot.done = 500
        snapshot.total = 2000
        snapshot.inFlight = 16
        snapshot.retries = 3
        snapshot.failed = 2
        snapshot.perSecond = 100
        return snapshot
    }

    @Test func progressOnATerminal() {
        #expect(
            ProgressLine.live(snapshot(), width: 100)
                == "nightly-sync 500/2000 25%  100/s  2 failed  ETA 15.00 s  16 in flight  3 retries")
    }

    @Test func progressNeverWraps() {
        for width in 0...120 {
            let line = ProgressLine.live(snapshot(), width: width)
            #expect(line.count <= width)
            if width >= 40 { #expect(line.contains("500/2000") && line.contains("100/s")) }
        }
    }

    @Test func progressInALog() {
        #expect(
            ProgressLine.plain(snapshot()) == "nightly-sync: 500 of 2000 done (25%), 100/s, 16 in flight, 2 failed, "
                + "3 retries, ETA 15.00 s")
    }

    @Test func progressByBytesCountsOnlyRowsThatAreDone() {
        var snapshot = snapshot()
        snapshot.total = nil
        #expect(snapshot.share == nil && snapshot.remaining == nil)
        #expect(ProgressLine.live(snapshot, width: 100).hasPrefix("nightly-sync 500  100/s"))
        (snapshot.inputBytes, snapshot.totalInputBytes, snapshot.read) = (400, 1000, 1000)
        #expect(snapshot.share == 0.2)
        var limited = snapshot
        limited.limit = snapshot.done * 2
        #expect(limited.share == 0.5)
        limited.limit = snapshot.done * 20
        #expect(limited.share == 0.2)
        #expect(snapshot.remaining == .seconds(20))
    }

    @Test func progressAtTheEdges() {
        var snapshot = ProgressSnapshot(job: "j")
        #expect(ProgressLine.plain(snapshot) == "j: 0 done, 0.0/s, 0 in flight, 0 failed, 0 retries")
        snapshot.total = 0
        #expect(snapshot.share == 1)
        (snapshot.total, snapshot.done, snapshot.perSecond) = (.max, 1, 1e-300)
        #expect(snapshot.remaining == nil)
        (snapshot.total, snapshot.done) = (1000, 999)
        #expect(ProgressLine.plain(snapshot).contains("99%"))
    }
}
