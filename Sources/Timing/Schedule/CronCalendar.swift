import JobModel

/// The instants of a cron expression in a zone, in seconds since the epoch.
///
/// Walks the stretches of constant offset: inside one, local times are searched; at its begin stand the times that
/// clocks jumped over. Every function takes a bounded number of steps: what does not come within the 400 years after
/// which zone and calendar repeat never comes.
final class CronCalendar: Sendable {
    let expression: CronExpression
    let timeline: OffsetTimeline
    let daylight: DaylightPolicy
    /// Times that come twice count once: not if others show them, too.
    private let leftTo: OffsetTimeline.Neighbours

    init(_ expression: CronExpression, _ timeline: OffsetTimeline, _ daylight: DaylightPolicy) {
        self.expression = expression
        self.timeline = timeline
        self.daylight = daylight
        leftTo =
            switch daylight.overlap {
            case _ where expression.followsRealTime: []
            case .first: .earlier
            case .second: .later
            case .both: []
            }
    }

    /// The first instant at or after a second.
    func first(from second: Int64) -> Int64? {
        guard !expression.neverFires else { return nil }
        let limit = max(second, timeline.settled) + OffsetTimeline.cycle + OffsetTimeline.widestChange
        var index = timeline.index(at: second)
        var segment = timeline[index]
        var from = second
        while from <= limit {
            if from <= segment.begin, shifted(to: index) { return segment.begin }
            var range = from + segment.offset..<segment.local.upperBound
            while let stretch = firstStretch(in: range, of: index, segment) {
                if let match = expression.firstMatch(in: stretch) { return match - segment.offset }
                range = stretch.upperBound..<range.upperBound
            }
            index += 1
            from = segment.end
            guard from < OffsetTimeline.always else { return nil }
            segment = timeline[index]
        }
        return nil
    }

    /// The last instant at or before a second.
    func last(through second: Int64) -> Int64? {
        guard !expression.neverFires else { return nil }
        let limit = second - OffsetTimeline.cycle - OffsetTimeline.widestChange
        var index = timeline.index(at: second)
        var end = second + 1
        while true {
            let segment = timeline[index]
            var range = segment.local.lowerBound..<end + segment.offset
            while let stretch = lastStretch(in: range, of: index, segment) {
                if let match = expression.lastMatch(in: stretch) { return match - segment.offset }
                range = range.lowerBound..<stretch.lowerBound
            }
            if shifted(to: index) { return segment.begin }
            guard segment.begin > -OffsetTimeline.always else { return nil }
            index -= 1
            end = segment.begin
            if end < limit, index >= timeline.cycleStart {
                // A whole cycle holds nothing, so that none does.
                guard timeline.cycleStart > 0 else { return nil }
                index = timeline.cycleStart - 1
                end = timeline[index].end
            }
        }
    }

    /// The number of instants from the start of a range to before its end.
    func count(in range: Range<Int64>) -> Int {
        guard !expression.neverFires, !range.isEmpty else { return 0 }
        let settled = max(range.lowerBound, timeline.settled + OffsetTimeline.widestChange)
        if range.upperBound - settled > 2 * OffsetTimeline.cycle {
            let cycles = (range.upperBound - settled) / OffsetTimeline.cycle - 1
            let repeated = settled..<settled + OffsetTimeline.cycle
            return count(in: range.lowerBound..<settled) + Int(cycles) * count(in: repeated)
                + count(in: settled + cycles * OffsetTimeline.cycle..<range.upperBound)
        }
        var count = 0
        var index = timeline.index(at: range.lowerBound)
        var segment = timeline[index]
        while segment.begin < range.upperBound {
            var local = max(range.lowerBound, segment.begin) + segment.offset
            let end = min(range.upperBound, segment.end) + segment.offset
            if range.lowerBound <= segment.begin, shifted(to: index) {
                count += 1
                // At the jump, where a time that exists is the same instant.
                local += 1
            }
            while let stretch = firstStretch(in: local..<max(local, end), of: index, segment) {
                count += expression.countMatches(in: stretch)
                local = stretch.upperBound
            }
            guard segment.end < OffsetTimeline.always else { break }
            index += 1
            segment = timeline[index]
        }
        return count
    }

    /// The first and the last of the local times that were jumped over and moved to an instant, and how many they are;
    /// nil if there are none.
    func moved(to second: Int64) -> (first: Int64, last: Int64, count: Int)? {
        let index = timeline.index(at: second)
        guard timeline[index].begin == second, shifted(to: index) else { return nil }
        var found: (first: Int64, last: Int64, count: Int)?
        eachGapStretch(before: index) { stretch in
            guard let first = expression.firstMatch(in: stretch), let last = expression.lastMatch(in: stretch) else {
                return true
            }
            found = (found?.first ?? first, last, (found?.count ?? 0) + expression.countMatches(in: stretch))
            return true
        }
        return found
    }

    /// Whether times that were jumped over are run at a segment's begin.
    private func shifted(to index: Int) -> Bool {
        guard !expression.followsRealTime, daylight.gap == .shift else { return false }
        var found = false
        eachGapStretch(before: index) { stretch in
            found = expression.firstMatch(in: stretch) != nil
            return !found
        }
        return found
    }

    /// - Parameter visit: false ends it.
    private func eachGapStretch(before index: Int, _ visit: (Range<Int64>) -> Bool) {
        guard var gap = timeline.gap(before: index) else { return }
        while let stretch = timeline.firstClear(in: gap, of: index, from: [.earlier, .later]) {
            guard visit(stretch) else { return }
            gap = stretch.upperBound..<gap.upperBound
        }
    }

    /// The first stretch of local times in a range that are left to this segment.
    private func firstStretch(in range: Range<Int64>, of index: Int, _ segment: OffsetTimeline.Segment) -> Range<Int64>?
    {
        guard !range.isEmpty else { return nil }
        let isClear = leftTo.isEmpty || leftTo == .earlier && range.lowerBound >= Self.endOfReach(of: segment)
        return isClear ? range : timeline.firstClear(in: range, of: index, from: leftTo)
    }

    /// The last such stretch, or the end of it.
    private func lastStretch(in range: Range<Int64>, of index: Int, _ segment: OffsetTimeline.Segment) -> Range<Int64>?
    {
        guard !range.isEmpty else { return nil }
        if leftTo.isEmpty { return range }
        let clear = Self.endOfReach(of: segment)
        if leftTo == .earlier, range.upperBound > clear { return max(range.lowerBound, clear)..<range.upperBound }
        return timeline.lastClear(in: range, of: index, from: leftTo)
    }

    /// From this local time on no earlier segment shows what this one does.
    private static func endOfReach(of segment: OffsetTimeline.Segment) -> Int64 {
        segment.begin + segment.offset + OffsetTimeline.widestChange
    }
}
