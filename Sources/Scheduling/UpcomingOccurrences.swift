internal import HeapModule
package import JobModel

/// The occurrences of several schedules, merged in order of their nominal times.
package struct UpcomingOccurrences: Sequence, IteratorProtocol, Sendable {
    package struct Element: Sendable, Hashable {
        /// The schedule's position among those given.
        package var calendar: Int
        package var occurrence: ScheduledOccurrence
    }

    private struct Head: Comparable, Sendable {
        var element: Element
        /// How many of the schedule came before.
        var position: Int

        static func < (left: Head, right: Head) -> Bool {
            (left.element.occurrence.nominalTime, left.element.calendar)
                < (right.element.occurrence.nominalTime, right.element.calendar)
        }

        static func == (left: Head, right: Head) -> Bool { left.element == right.element }
    }

    private let calendars: [any ScheduleCalendar]
    private let end: Timestamp?
    private let limit: Int?
    private var heads = Heap<Head>()

    /// - Parameters:
    ///   - start: inclusive.
    ///   - end: exclusive; nil is no end.
    ///   - limit: of each schedule; nil is no limit.
    package init(_ calendars: [any ScheduleCalendar], from start: Timestamp, to end: Timestamp?, limit: Int?) {
        self.calendars = calendars
        self.end = end
        self.limit = limit
        let before = start + .microseconds(-1)
        for calendar in calendars.indices { add(calendar, after: before, position: 0) }
    }

    package mutating func next() -> Element? {
        guard let head = heads.popMin() else { return nil }
        add(head.element.calendar, after: head.element.occurrence.nominalTime, position: head.position + 1)
        return head.element
    }

    private mutating func add(_ calendar: Int, after time: Timestamp, position: Int) {
        guard limit.map({ position < $0 }) ?? true, let occurrence = calendars[calendar].next(after: time) else {
            return
        }
        if let end, occurrence.nominalTime >= end { return }
        heads.insert(Head(element: Element(calendar: calendar, occurrence: occurrence), position: position))
    }
}
