import JobModel

/// Writes times as RFC 3339 in UTC with milliseconds; consecutive times mostly share their second, which is kept.
struct TimestampWriter: Sendable {
    private var second: Int64?
    /// Up to the fraction's digits: `2026-11-22T01:15:00.`
    private var prefix: [UInt8] = []

    mutating func append(_ time: Timestamp, to output: inout [UInt8]) {
        let seconds = time.seconds
        if second != seconds {
            second = seconds
            prefix = Timestamp(seconds: seconds).rfc3339Bytes(fractionDigits: 0)
            prefix[prefix.count - 1] = UInt8(ascii: ".")
        }
        output.append(contentsOf: prefix)
        let milliseconds = Int(time.microseconds - seconds * 1_000_000) / 1000
        output.append(UInt8(48 + milliseconds / 100))
        output.append(UInt8(48 + milliseconds / 10 % 10))
        output.append(UInt8(48 + milliseconds % 10))
        output.append(UInt8(ascii: "Z"))
    }
}
