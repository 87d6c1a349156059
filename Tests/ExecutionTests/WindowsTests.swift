import Execution
import JobModel
import TestSupport
import Testing

/// What is read when, and what is announced before it is sent.
@Suite struct WindowsTests {
    private func run(_ run: VirtualRun) -> VirtualRun {
        let world = VirtualWorld(maximumConcurrency: 4096)
        world.add(run)
        world.finish()
        #expect(world.violations.isEmpty)
        #expect(run.end?.reason == .completed)
        #expect(run.end?.counts.rows == run.rowCount)
        return run
    }

    private func policy(concurrency: Int, idempotent: Bool = false, rate: Double? = nil) -> RunPolicy {
        var policy = RunPolicy()
        policy.concurrency = concurrency
        policy.idempotent = idempotent
        policy.rate = rate.map { Rate(count: $0, per: .seconds(1)) }
        return policy
    }

    @Test(arguments: [(1, 64), (8, 64), (32, 64), (40, 80), (512, 1024), (2000, 4000)])
    func aWindowOfAJobThatMustNotRepeatIsShort(concurrency: Int, size: Int) {
        let run = run(VirtualRun(rows: 3 * size, policy: policy(concurrency: concurrency, rate: 500)))
        #expect(run.readSizes.dropLast().allSatisfy { $0 == size })
    }

    @Test func aFastRunHasWindowsOfAbout100Milliseconds() {
        let run = run(VirtualRun(rows: 20_000, policy: policy(concurrency: 40), answer: { _ in .status(200) }))
        let sizes = run.readSizes.dropFirst(12).dropLast()
        #expect(!sizes.isEmpty)
        #expect(sizes.allSatisfy { (330...420).contains($0) })
    }

    @Test(arguments: [(8, 661), (100, 600), (512, 1024)])
    func anIdempotentJobReadsWhatFits(concurrency: Int, size: Int) {
        let run = run(VirtualRun(rows: 4000, policy: policy(concurrency: concurrency, idempotent: true)))
        #expect(run.readSizes.first == size)
        #expect(run.readSizes.dropLast().allSatisfy { $0 >= size / 2 })
    }

    @Test func aSyncIsNotOnTheHotPath() {
        func elapsed(_ sync: Duration) -> Int64 {
            let slow = VirtualRun(rows: 6400, policy: policy(concurrency: 8))
            slow.announceDelay = sync
            return run(slow).endedAt
        }
        #expect(elapsed(.milliseconds(30)) - elapsed(.zero) < 60_000_000)
    }

    @Test func emptyInputCompletes() {
        let run = run(VirtualRun(rows: 0))
        #expect(run.end?.counts == RunCounts())
        #expect(run.starts.isEmpty)
    }

    @Test func rejectedRowsFailInOrderAndAreNeverSent() {
        let subject = VirtualRun(rows: 300, policy: policy(concurrency: 1))
        subject.isRejected = { $0 % 3 != 1 }
        let run = run(subject)
        #expect(run.end?.counts.failed == 200 && run.end?.counts.succeeded == 100)
        #expect(run.results.map(\.row.index).filter { $0 % 3 != 1 } == (0..<300).filter { $0 % 3 != 1 })
        #expect(run.results.first?.attempts == 0 && run.results.first?.error?.errorClass == .template)
        #expect(run.results.first?.latency == nil)
    }

    @Test func onlyRejectedRowsComplete() {
        let subject = VirtualRun(rows: 5000)
        subject.isRejected = { _ in true }
        #expect(run(subject).end?.counts.failed == 5000)
    }

    @Test func noRowIsReadWhileTooManyWait() {
        let world = VirtualWorld()
        var policy = policy(concurrency: 8)
        policy.retry.maxElapsed = .seconds(30)
        policy.retry.initialInterval = .seconds(20)
        policy.retry.jitter = .none
        let run = world.add(VirtualRun(rows: 5000, policy: policy) { _ in .notSent })
        world.after(.seconds(19)) { #expect(run.open <= 1000 && run.open > 900) }
        world.finish()
        #expect(world.violations.isEmpty)
        #expect(run.end?.counts.failed == 5000)
    }

    @Test func aConcurrencySlotIsHeldUntilTheRecordIsWritten() {
        let subject = VirtualRun(rows: 40, policy: policy(concurrency: 4), answer: { _ in .status(200, after: .zero) })
        subject.recordDelay = .milliseconds(100)
        let run = run(subject)
        #expect(run.mostHeld == 4)
        #expect(run.endedAt >= 1_000_000_000)
    }

    @Test func aWaitingRetryHoldsNoSlot() {
        let world = VirtualWorld()
        var patient = policy(concurrency: 1)
        patient.retry.jitter = .none
        patient.retry.initialInterval = .seconds(60)
        patient.retry.maximumInterval = .seconds(60)
        let run = world.add(
            VirtualRun(rows: 50, policy: patient) { $0.row == 0 && $0.attempt == 1 ? .status(500) : .status(200) })
        world.finish()
        #expect(run.starts.filter { $0.time < 10_000_000_000 }.count == 50 && run.starts.count == 51)
        #expect(run.end?.counts.succeeded == 50)
    }

    @Test func progressTellsOfEveryStage() {
        let world = VirtualWorld()
        let run = world.add(
            VirtualRun(rows: 500, policy: policy(concurrency: 8)) {
                $0.row == 0 ? .notSent : $0.row == 1 ? .status(400) : .status(200, after: .seconds(1))
            })
        world.after(.milliseconds(900)) {
            let progress = run.machine.progress
            #expect(progress.inFlight == 8 && progress.waiting == 1 && progress.counts.failed == 1)
            #expect(progress.counts.rows == 64 && progress.ready == 54 && progress.inputBytes == 64)
            #expect(!progress.inputEnded && !progress.isStopping)
        }
        world.finish()
        #expect(run.machine.progress.retries == 3 && run.machine.progress.inputEnded)
    }
}
