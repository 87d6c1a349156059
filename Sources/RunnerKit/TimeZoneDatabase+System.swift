internal import Timing

extension TimeZoneDatabase {
    /// The system's database, or that of `$TZDIR`.
    static let system = TimeZoneDatabase(
        directory: systemDirectory(tzdir: ProcessEnvironment.current["TZDIR"]))
}
