import JobModel
import Reactor
import Synchronization
import TestSupport
import Testing

@Suite struct WallAlarmTests {
    /// So seldom that a test never sees one.
    private static let noLooks = Duration.seconds(3600)

    @Test func firesOnceAtTheTime() async {
        let (stream, continuation) = AsyncStream<Timestamp>.makeStream()
        let alarm = WallAlarm(queue: SerialQueue(label: "wall"), look: Self.noLooks) {
            continuation.yield(SystemTimeSource().wallNow())
        }
        var firings = stream.makeAsyncIterator()
        for _ in 1...3 {
            let due = SystemTimeSource().wallNow() + .milliseconds(3)
            alarm.arm(at: due)
            guard let fired = await firings.next() else { return #expect(Bool(false), "never fired") }
            #expect(fired >= due)
        }
    }

    @Test func aPastTimeFiresAtOnceAndOneFarAwayOrForgottenNever() async {
        let queue = SerialQueue(label: "wall")
        let (stream, continuation) = AsyncStream<String>.makeStream()
        let far = WallAlarm(queue: queue, look: Self.noLooks) { continuation.yield("far") }
        let forgotten = WallAlarm(queue: queue, look: Self.noLooks) { continuation.yield("forgotten") }
        let past = WallAlarm(queue: queue, look: Self.noLooks) { continuation.yield("past") }
        far.arm(at: Timestamp(microseconds: .max))
        queue.sync {
            forgotten.arm(at: Timestamp(microseconds: .min))
            forgotten.arm(at: nil)
        }
        past.arm(at: Timestamp(microseconds: .min))
        var firings = stream.makeAsyncIterator()
        #expect(await firings.next() == "past")
        withExtendedLifetime((far, forgotten)) {}
    }

    @Test func looksAreRegularWhateverIsArmed() async {
        let (stream, continuation) = AsyncStream<Void>.makeStream()
        let alarm = WallAlarm(queue: SerialQueue(label: "wall"), look: .milliseconds(1)) { continuation.yield() }
        var firings = stream.makeAsyncIterator()
        var seen = 0
        for _ in 0..<3 where await firings.next() != nil { seen += 1 }
        alarm.arm(at: SystemTimeSource().wallNow() + .seconds(3600))
        for _ in 0..<3 where await firings.next() != nil { seen += 1 }
        #expect(seen == 6)
    }

    @Test func aStepOfTheClockIsNoticedByALook() async {
        let time = ManualTimeSource()
        let start = time.wallNow()
        let due = start + .seconds(7200)
        let (stream, continuation) = AsyncStream<Timestamp>.makeStream()
        let alarm = WallAlarm(queue: SerialQueue(label: "wall"), time: time, look: .milliseconds(1)) {
            continuation.yield(time.wallNow())
        }
        alarm.arm(at: due)
        var firings = stream.makeAsyncIterator()
        #expect(await firings.next() == start)
        time.stepWall(by: .seconds(7201))
        while let now = await firings.next() {
            if now == start { continue }
            #expect(now >= due)
            break
        }
    }

    @Test func aClockSetBackDelaysTheFiring() async {
        let time = ManualTimeSource()
        let due = time.wallNow() + .milliseconds(2)
        let (stream, continuation) = AsyncStream<Timestamp>.makeStream()
        let alarm = WallAlarm(queue: SerialQueue(label: "wall"), time: time, look: Self.noLooks) {
            continuation.yield(time.wallNow())
        }
        // Its timer fires after two real milliseconds, again and again, and finds the clock standing still.
        alarm.arm(at: due)
        time.stepWall(by: .milliseconds(-1))
        time.advance(by: .milliseconds(3))
        var firings = stream.makeAsyncIterator()
        #expect(await firings.next() == due)
    }

    @Test func theHandlerMayArmAnew() async {
        let (stream, continuation) = AsyncStream<Int>.makeStream()
        let holder = Mutex<WallAlarm?>(nil)
        let count = Mutex(0)
        let alarm = WallAlarm(queue: SerialQueue(label: "wall"), look: Self.noLooks) {
            let number = count.withLock { count in
                count += 1
                return count
            }
            continuation.yield(number)
            holder.withLock { $0 }?.arm(at: SystemTimeSource().wallNow())
        }
        holder.withLock { $0 = alarm }
        alarm.arm(at: SystemTimeSource().wallNow())
        var last = 0
        for await number in stream {
            last = number
            if number == 10 { break }
        }
        holder.withLock { $0 = nil }
        #expect(last == 10)
    }

    @Test func uptimeGoesForward() {
        let first = SystemTimeSource().uptimeMicroseconds()
        #expect(first > 0)
        #expect(SystemTimeSource().uptimeMicroseconds() >= first)
    }
}
