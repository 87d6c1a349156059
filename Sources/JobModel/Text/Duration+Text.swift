extension Duration {
    /// Reads a duration as job files and flags write it: numbers with a unit, largest first, such as `500ms`, `30s`,
    /// `5m`, `1h30m` or `2d`. A number may have a fraction (`1.5s`).
    ///
    /// Nil for anything else: no unit, units out of order or twice, a sign, more than ten thousand days.
    package init?(durationText text: some StringProtocol) {
        var rest = Array(text.utf8)[...]
        var total = Duration.zero
        var lastUnit = Int.max
        guard !rest.isEmpty else { return nil }
        while !rest.isEmpty {
            guard let (units, thousandths) = Self.takeNumber(&rest) else { return nil }
            guard let (unit, rank) = Self.takeUnit(&rest), rank < lastUnit else { return nil }
            lastUnit = rank
            total += unit * units + unit * thousandths / 1000
        }
        guard total <= .seconds(864_000_000) else { return nil }
        self = total
    }

    /// A duration in the form that ``init(durationText:)`` reads, to the millisecond, such as `1h30m` or `500ms`.
    package var durationText: String {
        var milliseconds = wholeMicroseconds / 1000
        guard milliseconds > 0 else { return "0s" }
        var text = ""
        let units: [(Int64, String)] = [(86_400_000, "d"), (3_600_000, "h"), (60_000, "m"), (1000, "s"), (1, "ms")]
        for (size, name) in units where milliseconds >= size {
            text += "\(milliseconds / size)\(name)"
            milliseconds %= size
        }
        return text
    }

    /// Up to ten digits and, after a point, up to three.
    private static func takeNumber(_ text: inout ArraySlice<UInt8>) -> (units: Int, thousandths: Int)? {
        takeDigits(&text, most: 10).flatMap { units, _ in
            guard text.first == UInt8(ascii: ".") else { return (units, 0) }
            text.removeFirst()
            return takeDigits(&text, most: 3).map { fraction, count in
                (units, fraction * [1000, 100, 10, 1][count])
            }
        }
    }

    private static func takeDigits(
        _ text: inout ArraySlice<UInt8>, most: Int
    ) -> (value: Int, count: Int)? {
        var value = 0
        var count = 0
        while let byte = text.first, byte >= 48, byte <= 57 {
            value = value * 10 + Int(byte - 48)
            count += 1
            guard count <= most else { return nil }
            text.removeFirst()
        }
        return count == 0 ? nil : (value, count)
    }

    private static func takeUnit(_ text: inout ArraySlice<UInt8>) -> (unit: Duration, rank: Int)? {
        guard let first = text.popFirst() else { return nil }
        switch first {
        case UInt8(ascii: "d"): return (.seconds(86_400), 4)
        case UInt8(ascii: "h"): return (.seconds(3600), 3)
        case UInt8(ascii: "s"): return (.seconds(1), 1)
        case UInt8(ascii: "m"):
            guard text.first == UInt8(ascii: "s") else { return (.seconds(60), 2) }
            text.removeFirst()
            return (.milliseconds(1), 0)
        default: return nil
        }
    }
}
