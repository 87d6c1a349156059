import JobModel

/// The nominal times, in microseconds since the epoch.
extension ScheduleElement {
    private static let microsecondsOfDay: Int64 = 86_400_000_000

    /// The first after a time.
    func next(after time: Int64) -> Int64? {
        guard begin < end else { return nil }
        var position = max(time, begin - 1)
        while position < end, let found = nextOfRule(after: position), found < end {
            guard let date = excludedDate(at: found) else { return found }
            position = date.upperBound - 1
        }
        return nil
    }

    /// The last at or before a time.
    func last(through time: Int64) -> Int64? {
        guard begin < end else { return nil }
        var position = min(time, end - 1)
        while position >= begin, let found = lastOfRule(through: position), found >= begin {
            guard let date = excludedDate(at: found) else { return found }
            position = date.lowerBound - 1
        }
        return nil
    }

    /// How many are after a time and not after another.
    func count(after lower: Int64, through upper: Int64) -> Int {
        guard begin < end else { return 0 }
        let lower = max(lower, begin - 1)
        let upper = min(upper, end - 1)
        guard lower < upper else { return 0 }
        var count = countOfRule(after: lower, through: upper)
        guard count > 0, !excludedDays.isEmpty else { return count }
        // A date begins and ends within two days of the same date in UTC.
        let near = (lower / Self.microsecondsOfDay - 3)...(upper / Self.microsecondsOfDay + 3)
        for day in excludedDays where near.contains(day) {
            forEachStretch(of: day) { stretch in
                let from = max(lower, stretch.lowerBound - 1)
                let through = min(upper, stretch.upperBound - 1)
                if from < through { count -= countOfRule(after: from, through: through) }
            }
        }
        return count
    }

    func contains(_ time: Int64) -> Bool {
        last(through: time) == time
    }

    private func nextOfRule(after time: Int64) -> Int64? {
        switch times {
        case .cron(let calendar):
            return calendar.first(from: time.wholeSeconds + 1).map { $0 * 1_000_000 }
        case .every(let period, let phase):
            return phase + ((time - phase).flooredDivision(by: period) + 1) * period
        case .at(let moment):
            return moment > time ? moment : nil
        }
    }

    private func lastOfRule(through time: Int64) -> Int64? {
        switch times {
        case .cron(let calendar):
            return calendar.last(through: time.wholeSeconds).map { $0 * 1_000_000 }
        case .every(let period, let phase):
            return phase + (time - phase).flooredDivision(by: period) * period
        case .at(let moment):
            return moment <= time ? moment : nil
        }
    }

    private func countOfRule(after lower: Int64, through upper: Int64) -> Int {
        switch times {
        case .cron(let calendar):
            let first = lower.wholeSeconds + 1
            return calendar.count(in: first..<max(first, upper.wholeSeconds + 1))
        case .every(let period, let phase):
            return Int((upper - phase).flooredDivision(by: period) - (lower - phase).flooredDivision(by: period))
        case .at(let moment):
            return moment > lower && moment <= upper ? 1 : 0
        }
    }

    // MARK: Excluded dates

    /// The stretch of an excluded local date in which a time lies, in microseconds; nil if the date is not excluded.
    private func excludedDate(at time: Int64) -> Range<Int64>? {
        guard !excludedDays.isEmpty else { return nil }
        let second = time.wholeSeconds
        let segment = timeline[timeline.index(at: second)]
        let day = (second + segment.offset).wholeDays
        guard isExcluded(day) else { return nil }
        return stretch(of: day, in: segment)
    }

    private func isExcluded(_ day: Int64) -> Bool {
        var low = 0
        var high = excludedDays.count
        while low < high {
            let middle = (low + high) / 2
            if excludedDays[middle] < day { low = middle + 1 } else { high = middle }
        }
        return low < excludedDays.count && excludedDays[low] == day
    }

    /// In microseconds; empty if the segment does not show the date.
    private func stretch(of day: Int64, in segment: OffsetTimeline.Segment) -> Range<Int64> {
        let midnight = day * CronExpression.secondsOfDay - segment.offset
        let start = max(midnight, segment.begin)
        let end = max(start, min(midnight + CronExpression.secondsOfDay, segment.end))
        return start * 1_000_000..<end * 1_000_000
    }

    /// The stretches in which clocks show a date, in order: one, or more if they are set back over midnight.
    private func forEachStretch(of day: Int64, _ visit: (Range<Int64>) -> Void) {
        let begin = day * CronExpression.secondsOfDay
        var index = timeline.index(at: begin - OffsetTimeline.widestChange)
        while true {
            let segment = timeline[index]
            guard segment.begin < begin + OffsetTimeline.widestChange else { return }
            let stretch = stretch(of: day, in: segment)
            if !stretch.isEmpty { visit(stretch) }
            guard segment.end < OffsetTimeline.always else { return }
            index += 1
        }
    }
}
