import JSONText
import JobModel
import TestSupport
import Testing

@testable import Results

@Suite struct ReconciliationTests {
    private func report(_ files: [HistoryScript], inputRows: Int? = nil) throws -> Report {
        let folder = try TemporaryFolder()
        var builder = ReportBuilder(inputRows: inputRows)
        for (number, file) in files.enumerated() {
            try builder.add(ResultReader(path: try folder.write("f\(number).jsonl", file.bytes)))
        }
        var report = builder.build()
        for position in report.doubts.indices { report.doubts[position].file = "f" }
        return report
    }

    private func file(
        _ id: String, shard: Shard? = nil, only: String? = nil, upTo: Int = 100, summary: Bool = true,
        _ rows: [Int: Outcome]
    ) -> HistoryScript {
        var file = HistoryScript()
        file.run(id, shard: shard, only: only)
        file.window(upTo)
        for (index, outcome) in rows.sorted(by: { $0.key < $1.key }) { file.record(index, outcome) }
        if summary { file.summary() }
        return file
    }

    private func all(_ count: Int, except: Set<Int> = []) -> [Int: Outcome] {
        Dictionary(uniqueKeysWithValues: (0..<count).filter { !except.contains($0) }.map { ($0, .succeeded) })
    }

    @Test func missingAndSurplusRowsAreNamed() throws {
        let found = try report([file("r", all(1003, except: [17, 940, 1000]))], inputRows: 1000)
        let input = try #require(found.jobs.first?.input)
        #expect((input.rows, input.recorded, input.missing, input.surplus) == (1000, 998, 2, 2))
        #expect(input.missingRows == [17...17, 940...940] && input.surplusRows == [1001...1002])
        #expect(
            found.text(width: 200).contains(
                "\ninput 1000 rows: 998 recorded, 2 missing: 17, 940; 2 recorded beyond the input: 1001-1002\n"))
        let json = try JSONParser.parse(found.json())
        let text = JSONWriter.text(of: json["jobs"]?.arrayValue?.first?["input"] ?? .null)
        #expect(
            text
                == #"{"rows":1000,"recorded":998,"missing":2,"missingRows":[[17,17],[940,940]],"surplus":2,"#
                + #""surplusRows":[[1001,1002]]}"#)
    }

    @Test func onlyTheFirstRangesAreNamed() throws {
        let found = try report([file("r", all(100).filter { $0.key % 2 == 0 })], inputRows: 101)
        let input = try #require(found.jobs.first?.input)
        #expect(input.missing == 51 && input.missingRows.count == 20 && input.missingRows.last == 39...39)
        #expect(input.text.hasSuffix("37, 39 and 31 more"))
        #expect(
            try report([file("r", all(3))], inputRows: 3).jobs[0].input?.text == "input 3 rows: 3 recorded, 0 missing")
        let none = try report([file("r", [:])], inputRows: 1_000_000).jobs[0].input
        #expect(none?.missingRows == [0...999_999])
    }

    @Test(arguments: 0..<30) func rangesAreWhatTheyShouldBe(seed: Int) {
        var random = SeededGenerator(seed: UInt64(seed))
        var (set, model) = (RowSet(), Set<Int>())
        let end = Int.random(in: 0...400, using: &random)
        for _ in 0..<Int.random(in: 0...6, using: &random) {
            let start = Int.random(in: 0...400, using: &random)
            for index in start..<(start + Int.random(in: 0...150, using: &random)) {
                set.insert(index)
                model.insert(index)
            }
        }
        for inverted in [false, true] {
            var rows: [Int] = []
            var last = -2
            set.visitRanges(from: 0, to: end, inverted: inverted) { range in
                #expect(range.lowerBound > last + 1)
                last = range.upperBound
                rows += Array(range)
            }
            #expect(rows == (0..<end).filter { model.contains($0) != inverted })
        }
        #expect(set.count == model.count && set.last == model.max())
    }

    @Test func aStrayRowFarAwayIsFoundAtOnce() {
        var set = RowSet()
        set.insert(3)
        set.insert((1 << 48) - 2)
        var ranges: [ClosedRange<Int>] = []
        set.visitRanges(from: 0, to: (1 << 48) - 1, inverted: false) { ranges.append($0) }
        #expect(ranges == [3...3, (1 << 48) - 2...(1 << 48) - 2])
    }

    @Test func absentShardsAreNamed() throws {
        let found = try report([
            file("r1", shard: Shard(number: 1, total: 4), upTo: 8, [0: .succeeded, 4: .succeeded]),
            file("r2", shard: Shard(number: 4, total: 4), upTo: 8, summary: false, [3: .failed]),
        ])
        #expect(found.jobs[0].absentShards.map(\.text) == ["2/4", "3/4"])
        let text = found.text(width: 200)
        #expect(text.contains("incomplete: job: shard 3/4: no file given\n") && !text.contains("shard 1/4"))
        #expect(text.contains("incomplete: run r2 of job (shard 4/4) in "))
        #expect(found.incomplete.map(\.shard) == [Shard(number: 4, total: 4)])
        #expect(found.total.rows == 3 && found.doubts == [.init(file: "f", job: "job", rows: 1)])
        let json = Sample.text(found.json())
        #expect(json.contains(#""absentShards":["2/4","3/4"]"#) && json.contains(#""shard":"4/4""#))
    }

    @Test func rowsInDoubtAreTold() throws {
        let found = try report([file("r1", upTo: 15, summary: false, all(3))])
        #expect(found.doubts == [.init(file: "f", job: "job", rows: 12)])
        #expect(
            found.text(width: 200).contains(
                "in doubt: 12 rows of job in f: announced and without a record; resume with --resume f\n"))
        #expect(Sample.text(found.json()).contains(#""inDoubt":12,"inDoubtByFile":[{"file":"f","rows":12}]"#))
        let none = try report([file("r1", upTo: 3, all(3))])
        #expect(none.doubts.isEmpty && !Sample.text(none.json()).contains("inDoubt"))
    }

    @Test func acceptedChangesReplaceTheRows() throws {
        var changed = file("r1", upTo: 3, [0: .failed, 1: .succeeded, 2: .succeeded])
        changed.run("r2", accepts: true)
        changed.carried(4, .succeeded)
        #expect(try report([changed]).total.failed == 1)
        changed.window(1)
        changed.record(0)
        let totals = try report([changed], inputRows: 5).jobs[0]
        #expect(totals.totals.rows == 2 && totals.totals.succeeded == 2 && totals.totals.failures.isEmpty)
        #expect(totals.totals.records == 4 && totals.totals.statuses == [200: 1])
        #expect(totals.input?.missingRows == [1...3])
    }

    @Test func aRedriveReplacesRowsInsteadOfAddingThem() throws {
        let base = file("r1", upTo: 4, [0: .failed, 1: .succeeded, 2: .cancelled, 3: .failed])
        var redrive = file("r2", only: "failed", upTo: 4, [0: .succeeded, 2: .failed, 3: .unknown])
        for files in [[base, redrive], [redrive, base]] {
            let found = try report(files, inputRows: 4)
            let totals = found.total
            #expect((totals.rows, totals.succeeded, totals.failed, totals.unknown) == (4, 2, 1, 1))
            #expect(totals.cancelled == 0 && totals.records == 7 && found.jobs[0].input?.missing == 0)
            #expect(totals.statuses == [200: 4] && totals.failures == [.function: 2])
            #expect(found.doubts.isEmpty)
        }
        let again = file("r3", only: "failed", upTo: 4, [2: .succeeded])
        let third = try report([base, redrive, again]).total
        #expect((third.rows, third.succeeded, third.failed, third.unknown) == (4, 3, 0, 1))
        // Alone it is what it is; a row that succeeded by other means stays so.
        #expect(try report([redrive]).total.rows == 3)
        redrive = file("r2", only: "failed", upTo: 4, [1: .failed])
        #expect(try report([base, redrive]).total.rows == 4)
    }

    @Test func aRedriveThatCrashedLeavesDoubt() throws {
        let base = file("r1", upTo: 4, [0: .failed, 1: .succeeded, 2: .cancelled, 3: .failed])
        let redrive = file("r2", only: "failed", upTo: 3, summary: false, [0: .succeeded])
        let found = try report([base, redrive])
        #expect(found.doubts == [.init(file: "f", job: "job", rows: 1)])
        #expect(found.total.rows == 4 && found.total.cancelled == 1)
    }

    @Test func aRedriveInTheSameFileGoesOnWithIt() throws {
        var base = file("r1", upTo: 3, [0: .failed, 1: .succeeded, 2: .failed])
        base.run("r2", only: "failed")
        base.window(3)
        base.record(0)
        let found = try report([base])
        #expect((found.total.rows, found.total.succeeded, found.total.failed) == (3, 2, 1))
        #expect(found.doubts == [.init(file: "f", job: "job", rows: 1)])
    }
}
