package import JobModel

extension Schedule {
    /// The local time of an occurrence, and what a change of the clocks had to do with it.
    ///
    /// - Parameter nominalTime: one of the schedule's; any other is told in the first element's zone.
    package func detail(of nominalTime: Timestamp) -> OccurrenceDetail {
        let time = nominalTime.microseconds
        let holder = elements.count == 1 ? elements.first : elements.first { $0.contains(time) } ?? elements.first
        guard let element = holder else {
            return OccurrenceDetail(zoneName: "UTC", localTime: nominalTime.shortestRFC3339)
        }
        let second = nominalTime.seconds
        let index = element.timeline.index(at: second)
        let local = second + element.timeline[index].offset
        return OccurrenceDetail(
            zoneName: element.zoneName,
            localTime: LocalTimeText.dateTime(
                local, microseconds: Int(time - second * 1_000_000), offset: element.timeline[index].offset),
            note: element.movedNote(at: second, local: local)
                ?? element.timeline.repeatedNote(of: local, in: index))
    }
}

extension ScheduleElement {
    fileprivate func movedNote(at second: Int64, local: Int64) -> String? {
        guard case .cron(let calendar) = times, let moved = calendar.moved(to: second) else { return nil }
        let first = LocalTimeText.timeOfDay(moved.first, on: local)
        switch moved.count {
        case 1: return "\(first) does not exist: moved to the jump"
        case 2: return "\(first) and \(LocalTimeText.timeOfDay(moved.last, on: local)) do not exist: moved to the jump"
        default: return "\(first) and \(moved.count - 1) more do not exist: moved to the jump"
        }
    }
}

extension OffsetTimeline {
    fileprivate func repeatedNote(of local: Int64, in index: Int) -> String? {
        let time = local..<local + 1
        let text: String
        if firstClear(in: time, of: index, from: .earlier) == nil {
            text = "second"
        } else if firstClear(in: time, of: index, from: .later) == nil {
            text = "first"
        } else {
            return nil
        }
        return "\(text) of two \(LocalTimeText.timeOfDay(local, on: local))"
    }
}
