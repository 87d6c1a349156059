import JobModel

/// Numbers as people read them.
package enum DisplayText {
    /// A duration to three digits or so: `0.4 ms`, `123 ms`, `1.42 s`, `2m 05s`, `1h 03m`.
    static func duration(microseconds: Int64) -> String {
        let value = max(0, microseconds)
        switch value {
        case ..<10_000: return decimal(value, unit: 1000, digits: 1) + " ms"
        case ..<1_000_000: return "\((value + 500) / 1000) ms"
        case ..<60_000_000: return decimal(value, unit: 1_000_000, digits: 2) + " s"
        default:
            let seconds = value / 1_000_000
            return seconds < 3600
                ? "\(seconds / 60)m \(twoDigits(seconds % 60))s"
                : "\(seconds / 3600)h \(twoDigits(seconds / 60 % 60))m"
        }
    }

    /// As of microseconds.
    package static func duration(_ duration: Duration) -> String {
        self.duration(microseconds: duration.wholeMicroseconds)
    }

    /// A rate: `14.1/s`, `5230/s`.
    static func rate(_ perSecond: Double) -> String {
        guard perSecond.isFinite, perSecond >= 0, perSecond < 1e12 else { return "0/s" }
        if perSecond >= 100 { return "\(Int(perSecond.rounded()))/s" }
        return decimal(Int64((perSecond * 1000).rounded()), unit: 1000, digits: 1) + "/s"
    }

    /// A share of 0 to 1: `42%`; never 100 % before the end.
    static func percent(_ share: Double) -> String {
        guard share.isFinite else { return "0%" }
        return "\(Int(max(0, min(1, share)) * 100))%"
    }

    /// A number and what it counts: `1 row`, `3 rows`.
    package static func count(_ number: Int, _ one: String, _ many: String) -> String {
        "\(number) \(number == 1 ? one : many)"
    }

    private static func twoDigits(_ value: Int64) -> String {
        value < 10 ? "0\(value)" : "\(value)"
    }

    private static func decimal(_ value: Int64, unit: Int64, digits: Int) -> String {
        var scale: Int64 = 1
        for _ in 0..<digits { scale *= 10 }
        let rounded = (value * scale + unit / 2) / unit
        var fraction = "\(rounded % scale)"
        while fraction.utf8.count < digits { fraction = "0" + fraction }
        return "\(rounded / scale).\(fraction)"
    }
}
