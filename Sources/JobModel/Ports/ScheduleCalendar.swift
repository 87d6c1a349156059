/// The nominal times of a schedule.
package protocol ScheduleCalendar: Sendable {
    /// The first occurrence whose nominal time is after a time; nil if there is none.
    func next(after time: Timestamp) -> ScheduledOccurrence?
    /// The last occurrence whose nominal time is not after a time; nil if there is none. In a bounded number of steps,
    /// however far back it is.
    func latest(through time: Timestamp) -> ScheduledOccurrence?
    /// How many nominal times are after `lower` and not after `upper`.
    func count(after lower: Timestamp, through upper: Timestamp) -> Int
}

/// One nominal time and when it fires.
package struct ScheduledOccurrence: Sendable, Hashable {
    package var nominalTime: Timestamp
    /// The nominal time, or as much later as the schedule's jitter says; before the next nominal time.
    package var fireTime: Timestamp

    package init(nominalTime: Timestamp, fireTime: Timestamp) {
        self.nominalTime = nominalTime
        self.fireTime = fireTime
    }
}
