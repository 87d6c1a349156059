import JobModel

/// A zone's offsets from UTC over all time, made for being searched.
///
/// Only changes of the offset count. Those of the rule for all years repeat after 400 years to the second, as the
/// calendar does; they are kept once, and segments of any later time are found by division.
final class OffsetTimeline: Sendable {
    /// A stretch of constant offset, in seconds since the epoch.
    struct Segment: Equatable {
        /// The first second, or ``OffsetTimeline/always`` before zero.
        var begin: Int64
        /// The second after the last.
        var end: Int64
        /// Local time minus UTC.
        var offset: Int64

        /// The local times that it shows.
        var local: Range<Int64> { begin + offset..<end + offset }
    }

    /// Beyond all times, and far enough from the end of 64 bits for offsets to be added.
    static let always: Int64 = 1 << 60
    static let cycle: Int64 = 146_097 * 86_400
    /// More than two offsets differ by (RFC 9636, 3.2: -25 h to 26 h).
    static let widestChange: Int64 = 54 * 3600

    private let begins: [Int64]
    private let offsets: [Int64]
    /// The index of the first segment that repeats; equal to the number of segments if none does.
    let cycleStart: Int
    private let cycleLength: Int
    /// After this second, segments repeat.
    let settled: Int64

    /// - Parameters:
    ///   - changes: seconds since the epoch, ascending, with the offset that begins.
    ///   - initial: the offset before the first change; nil if the cycle goes back for ever.
    ///   - yearly: changes of the rule for all years: what belongs to one cycle, in order; empty if there are none.
    init(initial: Int64?, changes: [(at: Int64, offset: Int64)], yearly: [(at: Int64, offset: Int64)]) {
        var begins: [Int64] = []
        var offsets: [Int64] = []
        begins.reserveCapacity(1 + changes.count + yearly.count)
        offsets.reserveCapacity(1 + changes.count + yearly.count)
        if let initial {
            begins.append(-Self.always)
            offsets.append(initial)
        }
        for change in changes where change.offset != offsets.last {
            begins.append(change.at)
            offsets.append(change.offset)
        }
        cycleStart = begins.count
        var end = Int64.max
        for change in yearly where change.offset != offsets.last && change.at < end {
            if begins.count == cycleStart { end = change.at + Self.cycle }
            begins.append(change.at)
            offsets.append(change.offset)
        }
        cycleLength = begins.count - cycleStart
        settled = cycleLength == 0 ? begins.last ?? 0 : begins[cycleStart]
        self.begins = begins
        self.offsets = offsets
    }

    /// Segments are numbered from 0 on; below zero only where the cycle goes back for ever.
    subscript(index: Int) -> Segment {
        Segment(begin: begin(index), end: begin(index + 1), offset: offset(index))
    }

    /// The number of the segment in which a second lies.
    func index(at second: Int64) -> Int {
        if cycleLength > 0, second >= settled || cycleStart == 0 {
            let turns = (second - settled).flooredDivision(by: Self.cycle)
            let place = lastBegin(in: cycleStart..<begins.count, notAfter: second - turns * Self.cycle)
            return Int(turns) * cycleLength + place
        }
        return lastBegin(in: 0..<cycleStart, notAfter: second)
    }

    private func lastBegin(in range: Range<Int>, notAfter second: Int64) -> Int {
        var low = range.lowerBound
        var high = range.upperBound
        while high - low > 1 {
            let middle = (low + high) / 2
            if begins[middle] <= second { low = middle } else { high = middle }
        }
        return low
    }

    private func begin(_ index: Int) -> Int64 {
        if index >= 0, index < begins.count { return begins[index] }
        guard cycleLength > 0 else { return Self.always }
        let (turns, place) = inCycle(index)
        return begins[place] + turns * Self.cycle
    }

    private func offset(_ index: Int) -> Int64 {
        index >= 0 && index < offsets.count ? offsets[index] : offsets[inCycle(index).place]
    }

    private func inCycle(_ index: Int) -> (turns: Int64, place: Int) {
        let beyond = Int64(index - cycleStart)
        let turns = beyond.flooredDivision(by: Int64(cycleLength))
        return (turns, cycleStart + Int(beyond - turns * Int64(cycleLength)))
    }
}

extension OffsetTimeline {
    /// - Parameters: those of ``TimeZoneRules``.
    convenience init(types: [LocalTimeType], times: [Int64], typeIndices: [UInt8], footer: PosixTimeZone?) {
        var changes: [(at: Int64, offset: Int64)] = []
        changes.reserveCapacity(times.count)
        for (time, index) in zip(times, typeIndices) { changes.append((time, Int64(types[Int(index)].secondsEast))) }
        guard let last = times.last else {
            let yearly = footer?.offsetChanges(after: 0) ?? []
            let initial = Int64((footer?.standard ?? types[0]).secondsEast)
            self.init(initial: yearly.isEmpty ? initial : nil, changes: [], yearly: yearly)
            return
        }
        self.init(
            initial: Int64(types[0].secondsEast), changes: changes, yearly: footer?.offsetChanges(after: last) ?? [])
    }
}
