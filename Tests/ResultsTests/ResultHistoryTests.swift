import JobModel
import TestSupport
import Testing

@testable import Results

@Suite struct ResultHistoryTests {
    private func row(_ script: HistoryScript, _ count: Int) throws -> String {
        try script.states(count).joined()
    }

    @Test func aFinishedRunLeavesNoDoubt() throws {
        var file = HistoryScript()
        file.run("r1")
        file.window(4)
        file.record(0)
        file.record(2, .failed, .rateLimited)
        file.record(1, .unknown, .timeout)
        file.record(3, .cancelled, .cancelled)
        file.summary()
        let history = try file.read()
        #expect(try row(file, 6) == "sufc--")
        #expect(history.state(of: 2) == .recorded(.failed, .rateLimited))
        #expect(history.failureClass(of: 2) == .rateLimited && history.failureClass(of: 1) == nil)
        #expect(!history.isEmpty && history.runs == 1 && history.inDoubt == 0)
        #expect((history.jobHash, history.trigger, history.shard) == ("c0ffee", .manual, nil))
        #expect(history.lastWindow == .init(upTo: 4, inputBytes: 40, inputSHA256: "sha4"))
        #expect(history.counts.rows == 4 && history.counts.attempts == 4 && history.counts.failed == 1)
        #expect(history.tally.latencies.count == 4)
        #expect(history.tally.failuresByClass.map(\.errorClass) == [.rateLimited])
    }

    @Test func rowsBelowTheWindowWithoutARecordAreInDoubt() throws {
        var file = HistoryScript()
        file.run("r1")
        file.window(3)
        file.record(1)
        file.window(5)
        #expect(try row(file, 7) == "?s???--")
        #expect(try file.read().inDoubt == 4)
    }

    @Test func aFailedRowThatWasSentAgainIsInDoubt() throws {
        var file = HistoryScript()
        file.run("r1")
        file.window(6)
        for (index, outcome) in [Outcome.failed, .cancelled, .unknown, .succeeded, .failed, .failed].enumerated() {
            file.record(index, outcome)
        }
        file.summary()
        #expect(try row(file, 6) == "fcusff")
        file.run("r2")
        #expect(try row(file, 6) == "fcusff")
        file.window(5)
        file.record(4)
        #expect(try row(file, 6) == "??ussf")
        let history = try file.read()
        #expect(history.inDoubt == 2 && history.counts.rows == 4 && history.counts.attempts == 7)
        // The class of a superseded failure is nobody's any more.
        #expect(history.failureClass(of: 0) == nil)
        #expect(history.tally.failuresByClass.map(\.count) == [1])
        file.run("r3")
        file.window(1)
        file.record(0, .unknown)
        #expect(try row(file, 6) == "u?ussf")
    }

    @Test func aShardPutsOnlyItsRowsInDoubt() throws {
        var file = HistoryScript()
        file.run("r1", shard: Shard(number: 2, total: 3))
        file.window(8)
        file.record(1)
        #expect(try row(file, 9) == "-s--?--?-")
        #expect(try file.read().inDoubt == 2)
        #expect(try file.read().shard == Shard(number: 2, total: 3))
        file.record(4, .failed)
        file.record(7, .failed)
        file.run("r2", shard: Shard(number: 2, total: 3))
        file.window(5)
        #expect(try row(file, 9) == "-s--?--f-")
    }

    @Test func aRedriveDoubtsOnlyRowsThatHaveARecord() throws {
        var file = HistoryScript()
        file.run("r1")
        file.window(4)
        file.record(0, .failed)
        file.record(2, .unknown)
        file.record(3, .cancelled)
        file.run("r2", only: "failed")
        file.window(9, input: 777)
        #expect(try row(file, 9) == "??u?-----")
        let history = try file.read()
        // Its windows are of another input.
        #expect(history.lastWindow?.upTo == 4 && history.lastRun?.runID == "r1")
        #expect(history.isAnnounced(8) && !history.isAnnounced(9))
        file.record(0)
        #expect(try row(file, 9) == "s?u?-----")
    }

    @Test func aFileOfRedrivesAloneSaysWhatTheyAnnounced() throws {
        var file = HistoryScript()
        file.run("r1", only: "failed")
        file.window(9, input: 777)
        file.record(3)
        let history = try file.read()
        #expect(try row(file, 5) == "---s-" && history.isAnnounced(2))
        #expect(history.lastWindow?.inputBytes == 777 && history.lastRun?.only == "failed")
    }

    // MARK: - Generations

    @Test func acceptedChangesBeginAnew() throws {
        var file = HistoryScript()
        file.run("r1", hash: "old")
        file.window(4)
        file.record(0)
        file.record(1, .failed)
        let before = file
        file.run("r2", accepts: true, hash: "new")
        file.carried(7, .succeeded)
        file.carried(1, .failed, .platform)
        // Not yet: the carried rows may not be all of them.
        #expect(try row(file, 8) == "sf??----")
        #expect(try file.read().jobHash == "old")
        var void = file
        void.run("r3", hash: "old")
        void.window(2)
        void.record(1)
        #expect(try row(void, 8) == "ss??----")
        file.window(2)
        #expect(try row(file, 8) == "??-----s")
        let history = try file.read()
        #expect(history.jobHash == "new" && history.lastWindow?.upTo == 2 && history.runs == 2)
        // What was sent was sent: attempts and latencies of every record.
        #expect(history.counts.attempts == 2 && history.tally.latencies.count == 2)
        var ended = before
        ended.run("r2", accepts: true)
        ended.carried(3, .failed, .platform)
        ended.summary()
        #expect(try row(ended, 8) == "---f----")
        #expect(try ended.read().failureClass(of: 3) == .platform)
    }

    @Test func carriedLinesElsewhereMeanNothing() throws {
        var file = HistoryScript()
        file.run("r1")
        file.carried(0, .succeeded)
        file.window(1)
        file.carried(0, .succeeded)
        file.run("r2", accepts: true)
        file.window(1)
        file.carried(5, .succeeded)
        #expect(try row(file, 6) == "?-----")
    }

    // MARK: - Groups and jobs

    @Test func onlyTheJobsOwnRunsCount() throws {
        var file = HistoryScript()
        file.run("r1")
        file.window(2)
        file.record(0)
        file.run("r2", job: "other")
        file.window(9)
        file.record(1)
        #expect(try row(file, 3) == "s?-")
        #expect(try file.read().otherJobs == ["other"])
        let none = try file.read(job: "third")
        #expect(!none.isEmpty && none.runs == 0 && none.lastRun == nil && none.otherJobs == ["job", "other"])
        #expect(none.state(of: 0) == .unrecorded)
        #expect(try HistoryScript().read().isEmpty)
    }

    @Test func occurrencesHaveRowsOfTheirOwn() throws {
        var file = HistoryScript()
        func occurrence(_ id: String, _ trigger: Trigger, at second: Int64, _ index: Int, _ outcome: Outcome) {
            file.run(id, trigger: trigger, at: second)
            file.window(index + 1)
            file.record(index, outcome)
        }
        occurrence("r1", .schedule, at: 0, 0, .failed)
        occurrence("r2", .schedule, at: 60, 1, .succeeded)
        #expect(try row(file, 2) == "?s")
        let first = Sample.run().nominalTime
        #expect(try file.states(2, nominalTime: first).joined() == "f-")
        #expect(try file.states(2, nominalTime: first + .seconds(60)).joined() == "?s")
        #expect(try file.read(nominalTime: first + .seconds(90)).runs == 0)
        // By hand, going on with the first occurrence, whose rows have been let go of by then.
        occurrence("r3", .manual, at: 0, 2, .succeeded)
        #expect(try row(file, 3) == "??s")
        #expect(try file.read().runs == 2)
        #expect(try file.states(3, nominalTime: first + .seconds(60)).joined() == "?s-")
        #expect(try file.states(3, nominalTime: first).joined() == "??s")
    }

    @Test func aFileCutAtItsHeadIsReadAllTheSame() throws {
        var file = HistoryScript()
        file.run("r1")
        file.window(3)
        file.record(0)
        file.record(1)
        let history = try HistoryScript.read(file.bytes.dropFirst(file.ends[1]))
        #expect(history.runs == 1 && history.counts.succeeded == 2 && history.jobHash == nil)
    }

    @Test func hugeNumbersCostNothing() throws {
        var file = HistoryScript()
        file.run("r1")
        file.window(1 << 48)
        file.record(1 << 47)
        let history = try file.read()
        #expect(history.inDoubt == 1 << 48 - 1)
        #expect(history.state(of: 1 << 47) == .recorded(.succeeded, nil) && history.state(of: 5) == .inDoubt)
    }

    // MARK: - Against a model

    /// The rules, spelled out row by row.
    private static func model(_ events: some Sequence<HistoryScript.Event>, rows: Int) -> [String] {
        var letters = [String](repeating: "-", count: rows)
        var pending: [String]?
        var open: (shard: Shard?, only: String?, upTo: Int, seen: Set<Int>)?
        func ended() -> [String] {
            guard let open else { return letters }
            return letters.enumerated().map { index, row in
                guard index < open.upTo, open.shard?.contains(index) != false, !open.seen.contains(index) else {
                    return row
                }
                switch row {
                case "-": return open.only == nil ? "?" : row
                case "f", "c": return "?"
                default: return row
                }
            }
        }
        for event in events {
            switch event {
            case .run(_, _, _, _, let shard, let only, let accepts):
                letters = ended()
                pending = accepts ? [String](repeating: "-", count: rows) : nil
                open = (shard, only, 0, [])
            case .carried(let index, let outcome): pending?[index] = String(outcome.rawValue.prefix(1))
            case .window, .record, .summary:
                letters = pending ?? letters
                pending = nil
                if case .window(let upTo) = event, upTo > open?.upTo ?? 0 { open?.upTo = upTo }
                if case .record(let index, let outcome, _) = event {
                    letters[index] = String(outcome.rawValue.prefix(1))
                    open?.seen.insert(index)
                }
            }
        }
        return ended()
    }

    private static func randomScript(_ random: inout SeededGenerator, rows: Int) -> HistoryScript {
        var file = HistoryScript()
        for number in 0..<Int.random(in: 1...6, using: &random) {
            let shards = [nil, nil, Shard(number: 1, total: 2), Shard(number: 2, total: 3)]
            let accepts = number > 0 && Int.random(in: 0..<4, using: &random) == 0
            let only = Int.random(in: 0..<4, using: &random) == 0 ? "failed" : nil
            file.run("r\(number)", shard: shards.randomElement(using: &random) ?? nil, only: only, accepts: accepts)
            if accepts {
                for index in 0..<rows where Bool.random(using: &random) {
                    file.carried(index, Outcome.allCases.randomElement(using: &random) ?? .failed)
                }
            }
            for _ in 0..<Int.random(in: 0...3, using: &random) {
                file.window(Int.random(in: 0...rows, using: &random))
                for _ in 0..<Int.random(in: 0...3, using: &random) {
                    file.record(
                        Int.random(in: 0..<rows, using: &random),
                        Outcome.allCases.randomElement(using: &random) ?? .failed)
                }
            }
            if Bool.random(using: &random) { file.summary() }
        }
        return file
    }

    @Test(arguments: 0..<150) func everyHistoryFollowsTheRules(seed: Int) throws {
        var random = SeededGenerator(seed: UInt64(seed))
        let file = Self.randomScript(&random, rows: 12)
        let states = try file.states(12)
        #expect(states == Self.model(file.events, rows: 12))
        let history = try file.read()
        #expect(history.inDoubt == states.count { $0 == "?" })
        #expect(history.counts.rows == states.count { !"-?".contains($0) })
        for resends in [false, true] {
            for shard in [nil, Shard(number: 2, total: 2)] {
                let carried = history.carried(resendingUnknown: resends, limit: 9, shard: shard).counts
                let own = states.prefix(9).enumerated().filter { shard?.contains($0.offset) != false }.map(\.element)
                #expect(carried.settled.rows == own.count { $0 == "s" || (!resends && $0 == "u") })
                #expect(carried.reopening.rows == own.count { $0 == "f" || $0 == "c" || (resends && $0 == "u") })
                #expect(carried.settled.attempts == history.counts.attempts)
                #expect(carried.settled.finished == carried.settled.rows)
            }
        }
    }

    @Test func aFileCutAtAnyByteIsReadUpToItsLastWholeLine() throws {
        var random = SeededGenerator(seed: 77)
        let file = Self.randomScript(&random, rows: 8)
        let folder = try TemporaryFolder()
        for length in 0...file.bytes.count {
            let path = try folder.write("out.jsonl", file.bytes.prefix(length))
            let history = try ResultHistory.read(ResultReader(path: path), job: "job")
            // A record that lacks only its newline counts.
            let whole = file.ends.count { $0 - 1 <= length }
            let states = (0..<8).map { HistoryScript.letter(history.state(of: $0)) }
            #expect(states == Self.model(file.events.prefix(whole), rows: 8))
            #expect(history.isEmpty == (whole == 0))
        }
    }
}
