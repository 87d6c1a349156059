/// Why the rules of a time zone cannot be had.
package struct TimeZoneError: Error, Sendable, Hashable {
    package enum Code: String, Sendable, CaseIterable {
        /// The name cannot be one of a zone: empty, absolute, or with characters or steps that no zone's name has.
        case invalidName
        /// The database has no file of this name.
        case unknownZone
        /// The file is there and cannot be read.
        case unreadable
        /// The file is not TZif as RFC 9636 defines it, or cut off.
        case malformed
        /// The file counts leap seconds (`right/…`), which the wall clock of POSIX does not.
        case leapSeconds
    }

    package var code: Code
    /// One line that names the zone or file, and what is wrong.
    package var message: String

    package init(_ code: Code, message: String) {
        self.code = code
        self.message = message
    }
}
