import JobModel
import Synchronization

/// How often calendars were asked.
final class CallCount: Sendable {
    private let calls = Mutex(0)

    func add() { calls.withLock { $0 += 1 } }
    var value: Int { calls.withLock { $0 } }
}

/// Every so many microseconds since the epoch, with a jitter that depends on the nominal time.
struct PeriodicCalendar: ScheduleCalendar {
    var period: Int64
    var phase: Int64 = 0
    /// The longest jitter; shorter than the period.
    var jitter: Int64 = 0
    var calls: CallCount?

    static func seconds(_ period: Int64, phase: Int64 = 0, jitter: Int64 = 0, calls: CallCount? = nil) -> Self {
        PeriodicCalendar(
            period: period * 1_000_000, phase: phase * 1_000_000, jitter: jitter * 1_000_000, calls: calls)
    }

    func occurrence(_ number: Int64) -> ScheduledOccurrence {
        let nominal = number * period + phase
        let wait = jitter == 0 ? 0 : Int64((UInt64(bitPattern: number) &* 0x9E37_79B9_7F4A_7C15) >> 33) % (jitter + 1)
        return ScheduledOccurrence(
            nominalTime: Timestamp(microseconds: nominal), fireTime: Timestamp(microseconds: nominal + wait))
    }

    private func number(of time: Timestamp) -> Int64 { (time.microseconds - phase).flooredDivision(by: period) }

    func next(after time: Timestamp) -> ScheduledOccurrence? {
        calls?.add()
        return occurrence(number(of: time) + 1)
    }

    func latest(through time: Timestamp) -> ScheduledOccurrence? {
        calls?.add()
        return occurrence(number(of: time))
    }

    func count(after lower: Timestamp, through upper: Timestamp) -> Int {
        calls?.add()
        return Int(number(of: upper) - number(of: lower))
    }
}

/// A few given times.
struct ListCalendar: ScheduleCalendar {
    var times: [Timestamp]

    private func occurrence(_ time: Timestamp) -> ScheduledOccurrence {
        ScheduledOccurrence(nominalTime: time, fireTime: time)
    }

    func next(after time: Timestamp) -> ScheduledOccurrence? { times.first { $0 > time }.map(occurrence) }
    func latest(through time: Timestamp) -> ScheduledOccurrence? { times.last { $0 <= time }.map(occurrence) }
    func count(after lower: Timestamp, through upper: Timestamp) -> Int {
        times.count { $0 > lower && $0 <= upper }
    }
}
