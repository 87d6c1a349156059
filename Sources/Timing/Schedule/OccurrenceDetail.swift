/// How people read a nominal time.
package struct OccurrenceDetail: Sendable, Hashable {
    /// The name of the schedule's time zone; of several elements with this time, the first one's.
    package var zoneName: String
    /// RFC 3339 with the zone's offset, such as `2026-03-29T03:00:00+02:00`; offsets of the distant past with seconds.
    package var localTime: String
    /// What a change of the clocks did, such as `02:30 does not exist: moved to the jump` or `first of two 02:30`.
    package var note: String?

    package init(zoneName: String, localTime: String, note: String? = nil) {
        self.zoneName = zoneName
        self.localTime = localTime
        self.note = note
    }
}
