extension Schedule {
    /// The time zone in which people read its times: the first element's.
    package var zoneName: String { elements.first?.zoneName ?? "UTC" }
}
