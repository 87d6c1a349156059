package import JobModel

/// What clocks of a zone show between two of its changes.
package struct LocalTimeType: Sendable, Hashable {
    /// Seconds east of UTC: local time minus UTC.
    package var secondsEast: Int
    /// Whether the tz database calls it daylight saving time. Ireland and Morocco have it with a negative saving.
    package var isDaylight: Bool
    /// Such as `CET`, or `+0545` where no letters are in use.
    package var abbreviation: String

    package init(secondsEast: Int, isDaylight: Bool, abbreviation: String) {
        self.secondsEast = secondsEast
        self.isDaylight = isDaylight
        self.abbreviation = abbreviation
    }
}

/// An instant at which a zone's offset, abbreviation or daylight saving changes.
package struct TimeZoneTransition: Sendable, Hashable {
    /// The first instant of ``after``; a whole second.
    package var at: Timestamp
    package var before: LocalTimeType
    package var after: LocalTimeType

    package init(at: Timestamp, before: LocalTimeType, after: LocalTimeType) {
        self.at = at
        self.before = before
        self.after = after
    }
}

/// The instants at which clocks of a zone show a given date and time.
package enum CivilInstants: Sendable, Hashable {
    case once(Timestamp)
    /// Clocks were set back over it.
    case twice(first: Timestamp, second: Timestamp)
    /// Clocks were set forward over it, at this instant.
    case never(jump: Timestamp)

    /// All instants in order: none, one or two.
    package var all: [Timestamp] {
        switch self {
        case .once(let instant): [instant]
        case .twice(let first, let second): [first, second]
        case .never: []
        }
    }
}
