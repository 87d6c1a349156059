package import JobModel

/// One line of a schedule: a rule in a time zone, with its bounds and exceptions. Immutable.
package final class ScheduleElement: Sendable {
    package enum Rule: Sendable {
        case cron(CronExpression)
        /// Each period since the epoch plus a phase, in real time. Below ``ScheduleElement/shortestPeriod`` counts as
        /// that.
        case every(Duration, phase: Duration)
        /// Once.
        case at(Timestamp)
    }

    package static let shortestPeriod = Duration.milliseconds(1)

    /// A ``Rule`` in microseconds and with its zone.
    enum Times: Sendable {
        case cron(CronCalendar)
        /// The phase is at least 0 and less than the period.
        case every(period: Int64, phase: Int64)
        case at(Int64)
    }

    let times: Times
    /// How a cron rule was written; empty of others.
    let written: String
    let timeline: OffsetTimeline
    let zoneName: String
    /// Microseconds, at least 0.
    let jitter: Int64
    /// Microseconds since the epoch: nominal times are at or after ``begin`` and before ``end``.
    let begin: Int64
    let end: Int64
    /// Local dates without occurrences, as days since the epoch, ascending.
    let excludedDays: [Int64]

    /// Before and after these microseconds (the years -144,168 and 148,108) nothing happens.
    static let earliest: Int64 = -(1 << 62)
    static let latest: Int64 = 1 << 62

    /// - Parameters:
    ///   - written: a cron rule's text, for people.
    ///   - zoneName: the zone's name, for texts and the fingerprint.
    ///   - jitter: how much later than its nominal time an occurrence may fire, at most (exclusive).
    ///   - startAt: no nominal time is before it.
    ///   - endAt: all nominal times are before it.
    ///   - excludedDates: local dates of the zone on which nothing happens; what a change of the clocks moved belongs
    ///     to the date that it was moved to.
    package init(
        rule: Rule, written: String = "", timeZone: TimeZoneRules, zoneName: String, jitter: Duration = .zero,
        startAt: Timestamp? = nil,
        endAt: Timestamp? = nil, excludedDates: Set<CivilDate> = [], daylight: DaylightPolicy = DaylightPolicy()
    ) {
        timeline = timeZone.timeline
        self.written = written
        switch rule {
        case .cron(let expression):
            times = .cron(CronCalendar(expression, timeline, daylight))
        case .every(let period, let phase):
            let period = min(max(period, Self.shortestPeriod).wholeMicroseconds, Self.latest)
            let phase = phase.wholeMicroseconds % period
            times = .every(period: period, phase: phase < 0 ? phase + period : phase)
        case .at(let time):
            times = .at(time.microseconds)
        }
        self.zoneName = zoneName
        self.jitter = min(max(0, jitter.wholeMicroseconds), Self.latest)
        begin = max(startAt?.microseconds ?? Self.earliest, Self.earliest)
        end = min(endAt?.microseconds ?? Self.latest, Self.latest)
        excludedDays = excludedDates.map(\.daysSinceEpoch).sorted()
    }
}
