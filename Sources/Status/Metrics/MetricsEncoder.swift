import JSONText
import JobModel

/// Writes samples in Prometheus' text format, version 0.0.4 ("Exposition formats", prometheus.io).
///
/// Names and label names are known when the program is built; label values are escaped.
struct MetricsEncoder {
    enum Kind: String {
        case counter, gauge, histogram
    }

    typealias Label = (name: StaticString, value: String)

    private(set) var bytes: [UInt8] = []
    private var family: StaticString = ""

    init(reservingCapacity capacity: Int = 0) {
        bytes.reserveCapacity(capacity)
    }

    /// Begins a family: all its samples follow before the next one begins.
    mutating func begin(_ name: StaticString, _ kind: Kind, help: StaticString) {
        family = name
        append("# HELP ")
        append(name)
        append(" ")
        append(help)
        append("\n# TYPE ")
        append(name)
        append(" ")
        JSONWriter.append(raw: kind.rawValue, to: &bytes)
        append("\n")
    }

    mutating func sample(_ labels: Label..., value: Int) {
        start(suffix: "", labels)
        JSONWriter.append(value, to: &bytes)
        append("\n")
    }

    /// A number of seconds, exact to the microsecond.
    mutating func sample(_ labels: Label..., microseconds: Int64) {
        start(suffix: "", labels)
        append(seconds: microseconds)
        append("\n")
    }

    /// The buckets, sum and count of a histogram without labels.
    mutating func samples(of histogram: DurationHistogram) {
        var cumulative = 0
        for (bound, count) in zip(histogram.bounds, histogram.counts) {
            cumulative += count
            append(family)
            append("_bucket{le=\"")
            append(seconds: bound.wholeMicroseconds)
            append("\"} ")
            JSONWriter.append(cumulative, to: &bytes)
            append("\n")
        }
        start(suffix: "_bucket", [("le", "+Inf")])
        JSONWriter.append(histogram.count, to: &bytes)
        append("\n")
        start(suffix: "_sum", [])
        append(seconds: histogram.sum)
        append("\n")
        start(suffix: "_count", [])
        JSONWriter.append(histogram.count, to: &bytes)
        append("\n")
    }

    private mutating func start(suffix: StaticString, _ labels: [Label]) {
        append(family)
        append(suffix)
        var separator: StaticString = "{"
        for label in labels {
            append(separator)
            append(label.name)
            append("=\"")
            append(escaped: label.value)
            append("\"")
            separator = ","
        }
        append(labels.isEmpty ? " " : "} ")
    }

    private mutating func append(_ text: StaticString) {
        JSONWriter.append(raw: text, to: &bytes)
    }

    /// Backslash, double quote and line feed are escaped, and nothing else is.
    private mutating func append(escaped value: String) {
        for byte in value.utf8 {
            switch byte {
            case UInt8(ascii: "\\"): append("\\\\")
            case UInt8(ascii: "\""): append("\\\"")
            case UInt8(ascii: "\n"): append("\\n")
            default: bytes.append(byte)
            }
        }
    }

    private mutating func append(seconds microseconds: Int64) {
        if microseconds < 0 { append("-") }
        JSONWriter.append(Int(microseconds.magnitude / 1_000_000), to: &bytes)
        var fraction = microseconds.magnitude % 1_000_000
        if fraction > 0 { append(".") }
        var unit: UInt64 = 100_000
        while fraction > 0 {
            bytes.append(UInt8(48 + fraction / unit))
            fraction %= unit
            unit /= 10
        }
    }
}
