import Dispatch
import Glibc
import JSONText
import JobModel
import TestSupport
import Testing

@testable import Results

@Suite(.timeLimit(.minutes(1))) struct DurableRecorderTests {
    private func recorder(
        _ file: ResultFile, _ operations: any FileOperations = SystemFileOperations(),
        syncInterval: Duration = .seconds(1000)
    ) -> DurableRecorder {
        DurableRecorder(
            file: file, run: Sample.run(), policy: RecordPolicy(), version: "1.0.0", operations: operations,
            syncInterval: syncInterval)
    }

    private func types(_ path: String) throws -> [String] {
        let bytes = try FileBytes.read(path)
        #expect(bytes.isEmpty || bytes.last == UInt8(ascii: "\n"))
        return try bytes.split(separator: UInt8(ascii: "\n")).map { line in
            try JSONParser.parse(Array(line))["type"]?.stringValue ?? ""
        }
    }

    private func summary(_ path: String) throws -> JSONValue {
        let lines = try FileBytes.read(path).split(separator: UInt8(ascii: "\n"))
        return try JSONParser.parse(Array(lines.last ?? []))
    }

    @Test func aRunIsRecordedInOrder() async throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/out.jsonl"
        let recorder = recorder(try ResultFile.open(path))
        #expect(await recorder.announce(Sample.batch(upTo: 3)) == nil)
        #expect(await recorder.record([Sample.result(0), Sample.result(1)]) == nil)
        #expect(await recorder.record([]) == nil)
        #expect(await recorder.announce(Sample.batch(upTo: 3, isLast: true)) == nil)
        #expect(await recorder.record([Sample.result(2, .failed, error: .init(.platform, message: "m"))]) == nil)
        #expect(await recorder.finish(Sample.end(rows: 3, succeeded: 2, failed: 1)) == nil)
        #expect(
            try types(path) == ["run", "window", "invocation", "invocation", "window", "invocation", "summary"])
        #expect(recorder.tally.latencies.count == 3)
        #expect(recorder.tally.failuresByClass.map(\.errorClass) == [.platform])
    }

    @Test func recordsAreInTheFileWhenReported() async throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/out.jsonl"
        let recorder = recorder(try ResultFile.open(path))
        for index in 0..<5 {
            #expect(await recorder.record([Sample.result(index)]) == nil)
            #expect(try types(path).count == index + 2)
        }
    }

    @Test(arguments: [
        (RunEnd.Reason.completed, true, 0, true), (.stopped, true, 0, true), (.stopped, false, 0, false),
        (.stopped, true, 1, false), (.intolerable, true, 0, true), (.deadline, false, 2, false),
    ])
    func completeMeansThatNoRowWasGivenUp(
        reason: RunEnd.Reason, sawEnd: Bool, cancelled: Int, isComplete: Bool
    ) async throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/out.jsonl"
        let recorder = recorder(try ResultFile.open(path))
        _ = await recorder.finish(
            Sample.end(reason, rows: 3, succeeded: 3 - cancelled, cancelled: cancelled, inputEnded: sawEnd))
        #expect(try summary(path)["complete"]?.boolValue == isComplete)
    }

    @Test func anInputThatCannotBeReadIsNotComplete() async throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/out.jsonl"
        let recorder = recorder(try ResultFile.open(path))
        _ = await recorder.finish(
            Sample.end(.input("truncated gzip"), rows: 3, succeeded: 3, inputEnded: false))
        #expect(try summary(path)["complete"]?.boolValue == false)
    }

    @Test func whatEarlierRunsLeftIsPartOfTheTally() async throws {
        var file = HistoryScript()
        file.run("r1")
        file.window(4)
        for (index, errorClass) in [ErrorClass.function, .platform, .platform].enumerated() {
            file.record(index, .failed, errorClass)
        }
        file.record(3)
        let folder = try TemporaryFolder()
        let path = try folder.write("out.jsonl", file.bytes)
        let history = try ResultHistory.read(ResultReader(path: path), job: "job")
        let recorder = DurableRecorder(
            file: try ResultFile.open(path, existing: .append), run: Sample.run(job: "job"), policy: RecordPolicy(),
            version: "1", carried: history.carried(resendingUnknown: false).tally,
            replacedFailure: { history.failureClass(of: $0) })
        var results = [
            Sample.result(0), Sample.result(1, .failed, error: .init(.timeout, message: "m")),
            Sample.result(4, .unknown, error: .init(.network, message: "m")),
        ]
        for position in 0...1 { results[position].row.previous = .failed }
        #expect(await recorder.record(results) == nil)
        #expect(await recorder.finish(Sample.end()) == nil)
        let tally = recorder.tally
        #expect(tally.latencies.count == 7)
        #expect(tally.failuresByClass.map(\.count) == [1, 1])
        #expect(Set(tally.failuresByClass.map(\.errorClass)) == [.platform, .timeout])
        #expect(tally.ownErrors(.failed).map(\.errorClass) == [.timeout])
        #expect(tally.ownErrors(.unknown).map(\.errorClass) == [.network])
        #expect(tally.ownErrors(.cancelled).isEmpty)
    }

    // MARK: - Durability

    @Test func announcementsAreSyncedBeforeTheyAreReported() async throws {
        let folder = try TemporaryFolder()
        let operations = ScriptedFileOperations()
        let recorder = recorder(try ResultFile.open(folder.path + "/out.jsonl"), operations)
        for number in 1...3 {
            #expect(await recorder.announce(Sample.batch(upTo: number)) == nil)
            #expect(operations.log.syncs == number)
        }
        #expect(await recorder.record([Sample.result(0)]) == nil)
        #expect(operations.log.syncs == 3)
        #expect(await recorder.finish(Sample.end()) == nil)
        #expect(operations.log.syncs == 4)
    }

    @Test func announcementsDuringASyncShareTheNextOne() async throws {
        let folder = try TemporaryFolder()
        let gate = DispatchSemaphore(value: 0)
        gate.signal()
        let operations = ScriptedFileOperations(gate: gate)
        let recorder = recorder(try ResultFile.open(folder.path + "/out.jsonl"), operations)
        let (reports, reported) = AsyncStream<Int>.makeStream()
        // Before the first window is on disk nothing can have been sent: there is nothing to be recorded meanwhile.
        #expect(await recorder.announce(Sample.batch(upTo: 0)) == nil)
        recorder.announce(Sample.batch(upTo: 1)) { _ in reported.yield(1) }
        var syncs = operations.syncs.makeAsyncIterator()
        #expect(await syncs.next() == 1)
        #expect(await syncs.next() == 2)
        for number in 2...5 { recorder.announce(Sample.batch(upTo: number)) { _ in reported.yield(number) } }
        // Reported once the announcements before it wait for their sync.
        #expect(await recorder.record([Sample.result(0)]) == nil)
        gate.signal()
        gate.signal()
        var numbers: [Int] = []
        for await number in reports {
            numbers.append(number)
            if numbers.count == 5 { break }
        }
        #expect(numbers == [1, 2, 3, 4, 5])
        #expect(operations.log.syncs == 3)
        gate.signal()
        #expect(await recorder.finish(Sample.end()) == nil)
    }

    @Test func theEndWaitsForASyncThatIsUnderWay() async throws {
        let folder = try TemporaryFolder()
        let gate = DispatchSemaphore(value: 0)
        let operations = ScriptedFileOperations(gate: gate)
        let file = try ResultFile.open(folder.path + "/out.jsonl")
        let recorder = recorder(file, operations, syncInterval: .milliseconds(1))
        var syncs = operations.syncs.makeAsyncIterator()
        // Of the run's first record.
        #expect(await syncs.next() == 1)
        let (reports, reported) = AsyncStream<Void>.makeStream()
        recorder.finish(Sample.end()) { _ in reported.yield() }
        recorder.record([Sample.result(0)]) { _ in reported.yield() }
        // Behind the end: what came after it is refused when that waits for its sync.
        for await _ in reports { break }
        #expect(operations.log.syncs == 1)
        #expect(file.isOpen)
        gate.signal()
        #expect(await syncs.next() == 2)
        gate.signal()
        for await _ in reports { break }
        #expect(!file.isOpen)
        #expect(operations.log.syncs == 2)
    }

    @Test func oneTimerServesManyRecordings() async throws {
        let folder = try TemporaryFolder()
        let schedule = SyncSchedule()
        let recordings = try (0..<20).map { number in
            let operations = ScriptedFileOperations()
            let recorder = DurableRecorder(
                file: try ResultFile.open(folder.path + "/\(number).jsonl"), run: Sample.run(), policy: RecordPolicy(),
                version: "1", operations: operations, syncInterval: .milliseconds(1 + 5 * number), schedule: schedule)
            return (recorder: recorder, operations: operations)
        }
        for (recorder, operations) in recordings {
            var syncs = operations.syncs.makeAsyncIterator()
            #expect(await syncs.next() == 1)
            #expect(await recorder.finish(Sample.end()) == nil)
            #expect(operations.log.syncs == 2)
        }
    }

    @Test func recordsAreSyncedUnasked() async throws {
        let folder = try TemporaryFolder()
        let operations = ScriptedFileOperations()
        let recorder = recorder(
            try ResultFile.open(folder.path + "/out.jsonl"), operations, syncInterval: .milliseconds(1))
        var syncs = operations.syncs.makeAsyncIterator()
        for round in 1...3 {
            let known = operations.log.syncs
            #expect(await recorder.record([Sample.result(round)]) == nil)
            var seen = 0
            while seen <= known { seen = await syncs.next() ?? .max }
            #expect(seen > known)
        }
        #expect(await recorder.finish(Sample.end()) == nil)
    }

    @Test func whatArrivesDuringAWriteIsWrittenTogether() async throws {
        let folder = try TemporaryFolder()
        let operations = ScriptedFileOperations()
        let path = folder.path + "/out.jsonl"
        let recorder = recorder(try ResultFile.open(path), operations)
        // The queue is held by the first report, so that everything else piles up behind it.
        let gate = DispatchSemaphore(value: 0)
        let (began, begin) = AsyncStream<Void>.makeStream()
        recorder.record([Sample.result(0)]) { _ in
            begin.yield()
            gate.wait()
        }
        for await _ in began { break }
        let writes = operations.log.writes
        for index in 1...100 { recorder.record([Sample.result(index)]) { _ in } }
        async let last = recorder.record([Sample.result(101)])
        gate.signal()
        #expect(await last == nil)
        #expect(operations.log.writes <= writes + 2)
        #expect(try types(path).count == 103)
    }

    // MARK: - Failures

    @Test func shortWritesInterruptionsAndFullPipesAreGoneThrough() async throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/out.jsonl"
        let operations = ScriptedFileOperations(
            [.take(1), .fail(EINTR), .take(7), .fail(EAGAIN), .take(0), .take(100)])
        let recorder = recorder(try ResultFile.open(path), operations)
        #expect(await recorder.record([Sample.result(0), Sample.result(1)]) == nil)
        #expect(await recorder.finish(Sample.end()) == nil)
        #expect(operations.log.waits == 1)
        #expect(try types(path) == ["run", "invocation", "invocation", "summary"])
    }

    @Test(arguments: [ENOSPC, EDQUOT, EFBIG, EIO], [0, 1, 200, 500, 700])
    func afterAFailedWriteTheFileHoldsWholeLines(number: Int32, taken: Int) throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/out.jsonl"
        let file = try ResultFile.open(path)
        let appender = LineAppender(
            file: file,
            operations: ScriptedFileOperations([.take(.max), .take(taken), .fail(number)]))
        var encoder = RecordEncoder(run: Sample.run(), policy: RecordPolicy())
        var lines: [UInt8] = []
        for index in 0..<5 { encoder.append(Sample.result(index), to: &lines) }
        try appender.append(lines)
        #expect(throws: ResultsError.self) { try appender.append(lines) }
        let whole = lines.prefix(taken).filter { $0 == UInt8(ascii: "\n") }.count
        #expect(try types(path).count == 5 + whole)
        #expect(file.length == Int64(try FileBytes.read(path).count))
    }

    @Test func theFirstFailureIsFinal() async throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/out.jsonl"
        let operations = ScriptedFileOperations([.fail(ENOSPC)])
        let recorder = recorder(try ResultFile.open(path), operations)
        let failure = try #require(await recorder.record([Sample.result(0)]))
        #expect(failure.message.contains(path) && failure.message.contains("No space left"))
        #expect(await recorder.announce(Sample.batch(upTo: 1)) == failure)
        #expect(await recorder.record([Sample.result(1)]) == failure)
        #expect(await recorder.finish(Sample.end()) == failure)
        #expect(operations.log.writes == 1)
        #expect(try types(path).isEmpty)
        #expect(throws: Never.self) { try ResultFile.open(path) }
    }

    @Test func aFailedSyncIsReportedEverywhere() async throws {
        let folder = try TemporaryFolder()
        let recorder = recorder(
            try ResultFile.open(folder.path + "/out.jsonl"), ScriptedFileOperations(syncErrors: [EIO]))
        let failure = try #require(await recorder.announce(Sample.batch(upTo: 1)))
        #expect(failure.message.contains("fsync"))
        #expect(await recorder.record([Sample.result(0)]) == failure)
        #expect(await recorder.finish(Sample.end()) == failure)
    }

    @Test func callsAfterTheEndAreRefused() async throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/out.jsonl"
        let recorder = recorder(try ResultFile.open(path))
        #expect(await recorder.finish(Sample.end()) == nil)
        #expect(await recorder.record([Sample.result(0)])?.message.contains("finished") == true)
        #expect(await recorder.announce(Sample.batch(upTo: 1)) != nil)
        #expect(await recorder.finish(Sample.end()) != nil)
        #expect(try types(path) == ["run", "summary"])
    }

    @Test func aFinishedFileIsUnlocked() async throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/out.jsonl"
        let recorder = recorder(try ResultFile.open(path))
        #expect(throws: ResultsError.self) { try ResultFile.open(path, existing: .append) }
        #expect(await recorder.finish(Sample.end()) == nil)
        #expect(throws: Never.self) { try ResultFile.open(path, existing: .append) }
    }

    @Test func aFullDeviceIsAFailure() async throws {
        let recorder = recorder(try ResultFile.open("/dev/full"))
        let failure = await recorder.announce(Sample.batch(upTo: 1))
        #expect(failure?.message.contains("/dev/full") == true)
        #expect(await recorder.finish(Sample.end()) == failure)
    }

    @Test func aReaderThatHasGoneIsAFailureAndNoSignal() async throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/pipe"
        #expect(mkfifo(path, 0o600) == 0)
        let reader = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        let recorder = recorder(try ResultFile.open(path))
        #expect(await recorder.announce(Sample.batch(upTo: 1)) == nil)
        close(reader)
        #expect(await recorder.record([Sample.result(0)])?.message.contains("reader") == true)
    }

    /// In a process of its own, since the limit and the signal's action are the whole process's.
    @Test func aFileSizeLimitKeepsWholeLines() async {
        await #expect(processExitsWith: .success) {
            signal(SIGXFSZ, SIG_IGN)
            var limit = rlimit(rlim_cur: 10_000, rlim_max: 10_000)
            let folder = try TemporaryFolder()
            let path = folder.path + "/out.jsonl"
            let file = try ResultFile.open(path)
            guard setrlimit(__rlimit_resource_t(UInt32(RLIMIT_FSIZE.rawValue)), &limit) == 0 else { exit(10) }
            let recorder = DurableRecorder(
                file: file, run: Sample.run(), policy: RecordPolicy(), version: "1.0.0")
            var recorded = 0
            while await recorder.record([Sample.result(recorded)]) == nil, recorded < 1000 { recorded += 1 }
            guard recorded > 10, recorded < 1000, await recorder.finish(Sample.end()) != nil else { exit(11) }
            let bytes = try FileBytes.read(path)
            let lines = bytes.split(separator: UInt8(ascii: "\n"))
            guard bytes.last == UInt8(ascii: "\n"), lines.count == recorded + 1 else { exit(12) }
            for line in lines { _ = try JSONParser.parse(Array(line)) }
        }
    }
}
