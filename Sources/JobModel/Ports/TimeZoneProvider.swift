/// Time zone rules by IANA name, as templates and schedules need them.
package protocol TimeZoneProvider: Sendable {
    /// The offset in force in a zone at a time.
    ///
    /// - Returns: seconds east of UTC and the abbreviation (`CET`), or nil if there is no such zone.
    func offset(inZone name: String, at time: Timestamp) -> (secondsEast: Int, abbreviation: String)?
}
