package import JobModel

/// The rules of one time zone: the changes that its TZif file lists, and for later times the file's footer.
package struct TimeZoneRules: Sendable, Hashable {
    /// At least one; the first is in force before the first change.
    let types: [LocalTimeType]
    /// Seconds since the epoch, ascending.
    let times: [Int64]
    /// For each of ``times`` an index into ``types``.
    let typeIndices: [UInt8]
    /// In force after the last of ``times``, or always if there is none.
    let footer: PosixTimeZone?
    /// The offsets alone, for schedules; made of the rest.
    let timeline: OffsetTimeline

    init(types: [LocalTimeType], times: [Int64], typeIndices: [UInt8], footer: PosixTimeZone?) {
        self.types = types
        self.times = times
        self.typeIndices = typeIndices
        self.footer = footer
        timeline = OffsetTimeline(types: types, times: times, typeIndices: typeIndices, footer: footer)
    }

    package static func == (left: TimeZoneRules, right: TimeZoneRules) -> Bool {
        left.types == right.types && left.times == right.times && left.typeIndices == right.typeIndices
            && left.footer == right.footer
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(types)
        hasher.combine(times)
        hasher.combine(typeIndices)
        hasher.combine(footer)
    }

    /// What no offset from UTC reaches (RFC 9636, 3.2: -25 h to 26 h).
    private static let beyondOffsets: Int64 = 27 * 3600

    /// UTC, for systems without a tz database.
    static let utc = TimeZoneRules(
        types: [LocalTimeType(secondsEast: 0, isDaylight: false, abbreviation: "UTC")], times: [], typeIndices: [],
        footer: nil)

    /// What clocks show at a time.
    package func localTimeType(at time: Timestamp) -> LocalTimeType {
        localTimeType(atSeconds: time.seconds)
    }

    /// What clocks show at a time, as date and time of day; fractions of a second are dropped.
    package func civil(at time: Timestamp) -> CivilDateTime {
        let seconds = time.seconds
        return CivilDateTime(secondsSinceEpoch: seconds + Int64(localTimeType(atSeconds: seconds).secondsEast))
    }

    /// The first change later than a time; nil if nothing changes any more.
    package func transition(after time: Timestamp) -> TimeZoneTransition? {
        let seconds = time.seconds
        for index in indexOfFirstTime(after: seconds)..<times.count {
            if let transition = transition(atSeconds: times[index]) { return transition }
        }
        guard let footer else { return nil }
        let start = max(seconds, times.last ?? .min)
        for instant in footer.changeInstants(around: max(start, Self.secondsRange.lowerBound)) where instant > start {
            if let transition = transition(atSeconds: instant) { return transition }
        }
        return nil
    }

    /// The last change at or before a time; nil if nothing changed until then.
    package func transition(atOrBefore time: Timestamp) -> TimeZoneTransition? {
        let seconds = time.seconds
        let lastListed = times.last ?? .min
        if let footer, seconds > lastListed {
            for instant in footer.changeInstants(around: seconds).reversed()
            where instant <= seconds && instant > lastListed {
                if let transition = transition(atSeconds: instant) { return transition }
            }
        }
        for index in (0..<indexOfFirstTime(after: seconds)).reversed() {
            if let transition = transition(atSeconds: times[index]) { return transition }
        }
        return nil
    }

    /// The changes from the start of a range to before its end, in order.
    package func transitions(in range: Range<Timestamp>) -> [TimeZoneTransition] {
        var found: [TimeZoneTransition] = []
        var position = Timestamp(microseconds: max(range.lowerBound.microseconds, .min + 1) - 1)
        while let next = transition(after: position), next.at < range.upperBound {
            found.append(next)
            position = next.at
        }
        return found
    }

    /// The instants at which clocks show a date and time.
    ///
    /// Years beyond ±290,000 are taken as ±290,000, where timestamps end.
    package func instants(forCivil civil: CivilDateTime) -> CivilInstants {
        var civil = civil
        civil.year = min(max(civil.year, -290_000), 290_000)
        let local = civil.secondsSinceEpoch
        let window = (local - Self.beyondOffsets)..<(local + Self.beyondOffsets)
        let changes = transitions(
            in: Timestamp(seconds: window.lowerBound)..<Timestamp(seconds: window.upperBound))

        var found: [Timestamp] = []
        var jump = Timestamp(seconds: local)
        var begin = Int64.min
        var type = localTimeType(atSeconds: window.lowerBound - 1)
        for change in changes {
            let end = change.at.seconds
            let instant = local - Int64(type.secondsEast)
            if instant >= begin, instant < end { found.append(Timestamp(seconds: instant)) }
            if instant >= end, local - Int64(change.after.secondsEast) < end { jump = change.at }
            begin = end
            type = change.after
        }
        let instant = local - Int64(type.secondsEast)
        if instant >= begin { found.append(Timestamp(seconds: instant)) }

        guard let first = found.first else { return .never(jump: jump) }
        guard let last = found.last, last != first else { return .once(first) }
        return .twice(first: first, second: last)
    }

    /// Seconds that a ``Timestamp`` can hold.
    static let secondsRange = (Int64.min / 1_000_000 + 1)...(Int64.max / 1_000_000 - 1)

    private func localTimeType(atSeconds seconds: Int64) -> LocalTimeType {
        guard let lastTime = times.last else { return footer?.type(at: seconds) ?? types[0] }
        // Of a footer without daylight saving time nothing is asked: what the last listed change began goes on.
        if seconds >= lastTime, let footer, let daylight = footer.daylight,
            let change = footer.lastChange(at: seconds),
            change.at > lastTime
        {
            return change.toDaylight ? daylight.type : footer.standard
        }
        let index = indexOfFirstTime(after: seconds)
        return index == 0 ? types[0] : types[Int(typeIndices[index - 1])]
    }

    /// Nil if nothing changes at that second.
    private func transition(atSeconds seconds: Int64) -> TimeZoneTransition? {
        // At the very ends stand changes that lie beyond them.
        guard seconds > Self.secondsRange.lowerBound, seconds < Self.secondsRange.upperBound else { return nil }
        let before = localTimeType(atSeconds: seconds - 1)
        let after = localTimeType(atSeconds: seconds)
        return before == after ? nil : TimeZoneTransition(at: Timestamp(seconds: seconds), before: before, after: after)
    }

    private func indexOfFirstTime(after seconds: Int64) -> Int {
        var low = 0
        var high = times.count
        while low < high {
            let middle = (low + high) / 2
            if times[middle] <= seconds { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
