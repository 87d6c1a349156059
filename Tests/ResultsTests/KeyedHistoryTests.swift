import JobModel
import TestSupport
import Testing

@testable import Results

@Suite struct KeyedHistoryTests {
    private func keyed(_ script: HistoryScript) throws -> KeyedHistory {
        let folder = try TemporaryFolder()
        let reader = ResultReader(path: try folder.write("out.jsonl", script.bytes))
        return try KeyedHistory(reader, try ResultHistory.read(reader, job: "job"))
    }

    @Test func equalKeysAreHandedOutInOrder() throws {
        var file = HistoryScript()
        file.run("r1")
        file.window(9)
        for (index, key) in [(7, "a"), (2, "b"), (4, "a"), (0, "a"), (1, "")] {
            file.record(index, index == 4 ? .failed : .succeeded, key: key)
        }
        file.record(3)
        file.summary()
        var keyed = try keyed(file)
        #expect(keyed.count == 6 && keyed.doubtsWithoutKey == 3)
        #expect(keyed.take(key: "a", index: 0)?.index == 0)
        let second = keyed.take(key: "a", index: 1)
        #expect(second?.index == 4 && second?.state == .recorded(.failed, .function))
        #expect(keyed.take(key: "b", index: 2)?.index == 2)
        #expect(keyed.take(key: "b", index: 3) == nil)
        #expect(keyed.take(key: "a", index: 4)?.index == 7)
        #expect(keyed.take(key: "a", index: 5) == nil && keyed.take(key: "c", index: 6) == nil)
        #expect(keyed.take(key: "", index: 7)?.index == 1)
        // Without a key the index is it.
        #expect(keyed.take(key: nil, index: 3)?.index == 3 && keyed.take(key: nil, index: 8) == nil)
        #expect(keyed.left.rows == keyed.count - 6)
    }

    @Test func rowsWithManyRecordsCountOnce() throws {
        var file = HistoryScript()
        file.run("r1")
        file.window(2)
        file.record(0, .failed, key: "k")
        file.record(1, .failed, key: "k")
        file.run("r2")
        file.window(1)
        file.record(0, key: "k")
        file.run("r3")
        file.window(2)
        var keyed = try keyed(file)
        #expect(keyed.count == 2 && keyed.doubtsWithoutKey == 0)
        #expect(keyed.take(key: "k", index: 0)?.state == .recorded(.succeeded, nil))
        let doubted = keyed.take(key: "k", index: 1)
        #expect(doubted?.state == .inDoubt && doubted?.state.carriedOutcome == .unknown)
    }

    @Test func carriedRowsAreFoundUnderTheirNewNumbers() throws {
        var file = HistoryScript()
        file.run("r1")
        file.window(2)
        file.record(0, key: "a")
        file.record(1, .failed, key: "b")
        file.run("r2", accepts: true)
        file.carried(5, .succeeded, key: "a")
        file.window(1)
        file.record(0, key: "new")
        var keyed = try keyed(file)
        #expect(keyed.take(key: "a", index: 9)?.index == 5)
        #expect(keyed.take(key: "b", index: 10) == nil && keyed.take(key: "new", index: 11)?.index == 0)
    }

    @Test func tenThousandEqualKeysAreNoBurden() throws {
        var file = HistoryScript()
        file.run("r1")
        file.window(10_000)
        for index in 0..<10_000 { file.record(index, key: index % 2 == 0 ? "even" : "é\(index)") }
        var keyed = try keyed(file)
        for index in 0..<5000 {
            #expect(keyed.take(key: "even", index: index)?.index == 2 * index)
            #expect(keyed.take(key: "é\(2 * index + 1)", index: index)?.index == 2 * index + 1)
        }
        #expect(keyed.take(key: "even", index: 0) == nil)
    }

    @Test func aHistoryIsCarriedOver() throws {
        var file = HistoryScript()
        file.run("r1")
        file.window(2)
        file.record(0, key: "a")
        file.record(1, .failed, .platform, key: "b")
        var history = try file.read().withoutRows()
        #expect(history.state(of: 0) == .unrecorded && history.counts.rows == 0 && history.counts.attempts == 2)
        history.carry(6, .failed, .platform)
        history.carry(7, .unknown)
        let carried = history.carried(resendingUnknown: false)
        #expect(carried.counts.settled.unknown == 1 && carried.counts.reopening.failed == 1)
        #expect(carried.counts.settled.attempts == 2 && carried.tally.latencies.count == 2)
        #expect(history.failureClass(of: 6) == .platform)
    }

    @Test func keysOfOneBitDifferenceDiffer() {
        var hashes: Set<KeyHash> = []
        let keys = (0..<100_000).map { "c-\($0)" } + ["", "\u{0}", "\u{0}\u{0}", "e\u{301}", "é"]
        for key in keys { hashes.insert(KeyHash(key)) }
        #expect(hashes.count == keys.count)
    }
}
