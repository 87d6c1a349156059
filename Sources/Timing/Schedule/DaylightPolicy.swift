/// What changes of the clocks do to a schedule that means times of day; real-time schedules take no notice of them.
package struct DaylightPolicy: Sendable, Hashable {
    /// For a time that clocks jump over.
    package enum Gap: String, Sendable, Hashable, CaseIterable {
        /// It is the instant at which they jump.
        case shift
        /// It is left out.
        case skip
    }

    /// For a time that comes twice.
    package enum Overlap: String, Sendable, Hashable, CaseIterable {
        case first, second, both
    }

    package var gap: Gap
    package var overlap: Overlap

    package init(gap: Gap = .shift, overlap: Overlap = .first) {
        self.gap = gap
        self.overlap = overlap
    }
}
