import JobModel
import Timing

/// Completes times that lack what only a zone can tell.
enum LocalTimeHint {
    /// A time in RFC 3339 for one that lacks its offset, its seconds or its time of day.
    ///
    /// Nil if it lacks something else. Of a time that exists twice the first is taken.
    static func time(_ text: String, in zone: TimeZoneRules) -> String? {
        let candidates = [text + "Z", text + ":00Z", text + "T00:00:00Z"]
        guard let local = candidates.lazy.compactMap({ Timestamp(rfc3339: $0) }).first else { return nil }
        let instant: Timestamp
        switch zone.instants(forCivil: CivilDateTime(secondsSinceEpoch: local.seconds)) {
        case .once(let time), .twice(first: let time, second: _), .never(jump: let time): instant = time
        }
        let offset = zone.localTimeType(at: instant).secondsEast
        let shown = Timestamp(seconds: instant.seconds + Int64(offset)).rfc3339(fractionDigits: 0).dropLast()
        guard offset != 0 else { return shown + "Z" }
        let minutes = abs(offset) / 60
        return shown + (offset < 0 ? "-" : "+") + digits(minutes / 60) + ":" + digits(minutes % 60)
    }

    private static func digits(_ value: Int) -> String {
        value < 10 ? "0\(value)" : "\(value)"
    }
}
