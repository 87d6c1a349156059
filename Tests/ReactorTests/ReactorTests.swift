import Glibc
import JobModel
import Reactor
import Synchronization
import Testing

@Suite struct SerialQueueTests {
    @Test func carriesOutWorkInOrder() async {
        let queue = SerialQueue(label: "test")
        let seen = Mutex<[Int]>([])
        await withCheckedContinuation { done in
            for number in 0..<1000 { queue.async { seen.withLock { $0.append(number) } } }
            queue.async { done.resume() }
        }
        #expect(seen.withLock { $0 } == Array(0..<1000))
        queue.sync { queue.preconditionIsCurrent() }
    }

    @Test func whoeverIsNotOnAQueueIsStopped() async {
        await #expect(processExitsWith: .failure) { SerialQueue(label: "test").preconditionIsCurrent() }
    }

    @Test func queuesOnOneTargetTakeTurns() async {
        let target = SerialQueue(label: "target")
        let other = SerialQueue(label: "other", on: target)
        let seen = Mutex<[String]>([])
        await withCheckedContinuation { done in
            target.async {
                other.async {
                    other.preconditionIsCurrent()
                    target.preconditionIsCurrent()
                    seen.withLock { $0.append("other") }
                    done.resume()
                }
                // What it has handed over waits for its end.
                seen.withLock { $0.append("target") }
            }
        }
        #expect(seen.withLock { $0 } == ["target", "other"])
    }

    @Test func isTheExecutorOfAnActor() async {
        let counter = Counter(queue: SerialQueue(label: "actor"))
        #expect(await counter.incrementOnQueue() == 1)
        counter.queue.sync { counter.assumeIsolated { $0.count += 1 } }
        #expect(await counter.count == 2)
    }

    private actor Counter {
        nonisolated let queue: SerialQueue
        var count = 0
        init(queue: SerialQueue) { self.queue = queue }
        nonisolated var unownedExecutor: UnownedSerialExecutor { queue.asUnownedSerialExecutor() }
        func incrementOnQueue() -> Int {
            queue.preconditionIsCurrent()
            count += 1
            return count
        }
    }
}

@Suite struct AlarmTests {
    @Test func firesOncePerArming() async {
        let queue = SerialQueue(label: "alarm")
        let fired = Mutex(0)
        let (stream, continuation) = AsyncStream<Void>.makeStream()
        let alarm = Alarm(queue: queue) {
            fired.withLock { $0 += 1 }
            continuation.yield()
        }
        var firings = stream.makeAsyncIterator()
        for round in 1...3 {
            alarm.arm(at: SystemTimeSource().monotonicNow().advanced(by: .milliseconds(2)))
            await firings.next()
            #expect(fired.withLock { $0 } == round)
        }
    }

    @Test func anInstantInThePastFiresAtOnceAndTheFarFutureNever() async {
        let queue = SerialQueue(label: "alarm")
        let (stream, continuation) = AsyncStream<String>.makeStream()
        let past = Alarm(queue: queue) { continuation.yield("past") }
        let never = Alarm(queue: queue) { continuation.yield("never") }
        never.arm(at: .distantFuture)
        past.arm(at: MonotonicInstant(nanoseconds: 0))
        var firings = stream.makeAsyncIterator()
        #expect(await firings.next() == "past")
        never.disarm()
    }
}

@Suite struct SignalAndDescriptorTests {
    @Test func deliversASignal() async {
        let (stream, continuation) = AsyncStream<Int32>.makeStream()
        let watch = SignalWatch([SIGUSR2], queue: SerialQueue(label: "signals")) { continuation.yield($0) }
        var signals = stream.makeAsyncIterator()
        kill(getpid(), SIGUSR2)
        #expect(await signals.next() == SIGUSR2)
        withExtendedLifetime(watch) {}
    }

    @Test func tellsOfAReadableDescriptorAndOfItsEnd() async {
        var ends: [Int32] = [0, 0]
        #expect(pipe(&ends) == 0)
        let (reader, writer) = (ends[0], ends[1])
        let (stream, continuation) = AsyncStream<String>.makeStream()
        let watch = DescriptorWatch(descriptor: reader, queue: SerialQueue(label: "pipe")) {
            var byte: UInt8 = 0
            if read(reader, &byte, 1) == 1 { continuation.yield("read \(byte)") }
        } onCancel: {
            close(reader)
            continuation.yield("cancelled")
        }
        var events = stream.makeAsyncIterator()
        var byte: UInt8 = 7
        #expect(write(writer, &byte, 1) == 1)
        #expect(await events.next() == "read 7")
        watch.cancel()
        #expect(await events.next() == "cancelled")
        close(writer)
    }
}
