internal import JobModel

extension Schedule {
    /// The schedule in words, such as `15 2 * * 1-5 Europe/Berlin; every 1h`; bounds and exceptions are left out.
    package var text: String { elements.map(\.text).joined(separator: "; ") }
}

extension ScheduleElement {
    fileprivate var text: String {
        switch times {
        case .cron: return "\(written) \(zoneName)"
        case .every(let period, let phase):
            let offset = phase > 0 ? " + \(Duration.microseconds(phase).durationText)" : ""
            return "every \(Duration.microseconds(period).durationText)\(offset)"
        case .at(let moment): return "at \(Timestamp(microseconds: moment).shortestRFC3339)"
        }
    }
}
