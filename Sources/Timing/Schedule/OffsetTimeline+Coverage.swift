/// Local times that come twice, or never.
extension OffsetTimeline {
    /// Whether the local times of other segments are left out.
    struct Neighbours: OptionSet {
        let rawValue: UInt8
        static let earlier = Neighbours(rawValue: 1)
        static let later = Neighbours(rawValue: 2)
    }

    /// The first stretch of a range of local times which segments before, or after, one do not show.
    ///
    /// - Parameter range: local times that the segment shows or that its begin jumped over.
    func firstClear(in range: Range<Int64>, of index: Int, from neighbours: Neighbours) -> Range<Int64>? {
        var start = range.lowerBound
        while start < range.upperBound {
            guard let covered = segment(showing: start, of: index, from: neighbours) else {
                return start..<firstCovered(in: start..<range.upperBound, of: index, from: neighbours)
            }
            start = covered.upperBound
        }
        return nil
    }

    /// The last such stretch.
    func lastClear(in range: Range<Int64>, of index: Int, from neighbours: Neighbours) -> Range<Int64>? {
        var end = range.upperBound
        while end > range.lowerBound {
            guard let covered = segment(showing: end - 1, of: index, from: neighbours) else {
                return lastCovered(in: range.lowerBound..<end, of: index, from: neighbours)..<end
            }
            end = covered.lowerBound
        }
        return nil
    }

    /// The local times jumped over at a segment's begin; nil if clocks were not set forward there.
    func gap(before index: Int) -> Range<Int64>? {
        let segment = self[index]
        guard segment.begin > -Self.always else { return nil }
        let before = self[index - 1].offset
        return before < segment.offset ? segment.begin + before..<segment.begin + segment.offset : nil
    }

    private func segment(showing local: Int64, of index: Int, from neighbours: Neighbours) -> Range<Int64>? {
        var found: Range<Int64>?
        forEach(neighbours, of: index) { other in
            if other.contains(local) { found = other }
        }
        return found
    }

    private func firstCovered(in range: Range<Int64>, of index: Int, from neighbours: Neighbours) -> Int64 {
        var first = range.upperBound
        forEach(neighbours, of: index) { other in
            if other.lowerBound > range.lowerBound { first = min(first, other.lowerBound) }
        }
        return first
    }

    private func lastCovered(in range: Range<Int64>, of index: Int, from neighbours: Neighbours) -> Int64 {
        var last = range.lowerBound
        forEach(neighbours, of: index) { other in
            if other.upperBound < range.upperBound { last = max(last, other.upperBound) }
        }
        return last
    }

    /// The local times of segments that are close enough to show some which this one shows, too.
    private func forEach(_ neighbours: Neighbours, of index: Int, _ visit: (Range<Int64>) -> Void) {
        let segment = self[index]
        if neighbours.contains(.earlier) {
            var other = index
            var begin = segment.begin
            while begin > -Self.always, begin > segment.begin - Self.widestChange {
                other -= 1
                let earlier = self[other]
                visit(earlier.local)
                begin = earlier.begin
            }
        }
        if neighbours.contains(.later) {
            var other = index
            var end = segment.end
            while end < Self.always, end < segment.end + Self.widestChange {
                other += 1
                let later = self[other]
                visit(later.local)
                end = later.end
            }
        }
    }
}
