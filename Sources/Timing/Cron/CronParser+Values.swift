import JobModel

/// Numbers, names, ranges and steps.
extension CronParser {
    func step(_ kind: CronField, _ range: Range<Int>, of entry: Range<Int>) throws(CronError) -> Int {
        guard let step = number(range) else {
            throw CronError(
                message: "\(kind.label): the step '\(text(range))' is not a number", hint: "such as */5",
                range: range.isEmpty ? entry : range)
        }
        guard step > 0 else {
            throw CronError(
                message: "\(kind.label): a step of 0 goes nowhere", hint: "the smallest step is 1", range: range)
        }
        return step
    }

    /// `H(0-29)`.
    func hashedRange(_ kind: CronField, _ base: Range<Int>) throws(CronError) -> ClosedRange<Int> {
        let inner = base.lowerBound + 2..<max(base.upperBound - 1, base.lowerBound + 2)
        guard base.count > 4, bytes[base.lowerBound + 1] == UInt8(ascii: "("),
            bytes[base.upperBound - 1] == UInt8(ascii: ")"),
            let dash = bytes[inner].firstIndex(of: UInt8(ascii: "-"))
        else {
            throw CronError(
                message: "\(kind.label): '\(text(base))' is not known",
                hint: "H, H(\(kind.hashed.lowerBound)-\(kind.hashed.upperBound)) or H/5", range: base)
        }
        return try range(kind, inner, dash: dash)
    }

    /// `a-b`.
    func range(_ kind: CronField, _ base: Range<Int>, dash: Int) throws(CronError) -> ClosedRange<Int> {
        let low = base.lowerBound..<dash
        let high = dash + 1..<base.upperBound
        guard !low.isEmpty, !high.isEmpty else {
            throw CronError(
                message: "\(kind.label): '\(text(base))' is not a range", hint: "such as 1-5", range: base)
        }
        let lower = try value(kind, low)
        var upper = try value(kind, high)
        // A week that ends on Sunday.
        if kind == .dayOfWeek, upper == 0, lower > 0, !isDigit(bytes[high.lowerBound]) { upper = 7 }
        guard lower <= upper else {
            let start = kind.permitted.lowerBound
            let end = kind.hashed == kind.permitted ? kind.permitted.upperBound : kind == .dayOfWeek ? 6 : 31
            let tail = lower == end ? "\(end)" : "\(lower)-\(end)"
            let head = upper == start ? "\(start)" : "\(start)-\(upper)"
            throw CronError(
                message: "\(kind.label): the range '\(text(base))' runs backwards", hint: "write \(tail),\(head)",
                range: base)
        }
        return lower...upper
    }

    /// A number or a name.
    func value(_ kind: CronField, _ range: Range<Int>) throws(CronError) -> Int {
        let permitted = kind.permitted
        if let number = number(range) {
            guard permitted.contains(number) else {
                throw CronError(
                    message: "\(kind.label): \(text(range)) is not in \(permitted.lowerBound)-\(permitted.upperBound)",
                    hint: outOfRangeHint(kind, number), range: range)
            }
            return number
        }
        let word = text(range)
        let upper = word.uppercased()
        if let index = kind.names.firstIndex(of: upper) { return permitted.lowerBound + index }
        let isNumber = range.isEmpty || kind.names.isEmpty
        throw CronError(
            message: isNumber
                ? "\(kind.label): '\(word)' is not a number in \(permitted.lowerBound)-\(permitted.upperBound)"
                : "\(kind.label): '\(word)' is neither a number in \(permitted.lowerBound)-\(permitted.upperBound) nor a name",
            hint: unknownHint(kind, upper),
            range: range.isEmpty ? max(0, range.lowerBound - 1)..<range.lowerBound + 1 : range)
    }

    private func outOfRangeHint(_ kind: CronField, _ number: Int) -> String? {
        switch (kind, number) {
        case (.hour, 24): "midnight is 0"
        case (.minute, 60): "the full hour is 0"
        case (.second, 60): "the full minute is 0"
        case (.dayOfMonth, 32...): "L is the month's last day"
        case (.dayOfWeek, _): "0 and 7 are Sunday, 6 is Saturday"
        case (.month, _): "1 is January, 12 is December"
        default: nil
        }
    }

    private func unknownHint(_ kind: CronField, _ word: String) -> String? {
        if kind == .dayOfMonth, word.hasSuffix("W") { return "the nearest weekday (W) is not supported" }
        guard !kind.names.isEmpty else { return nil }
        // MONDAY, JANUARY.
        if word.utf8.count > 3, let name = kind.names.first(where: word.hasPrefix) { return "write \(name)" }
        return NameSuggestion.hint(for: word, in: kind.names, listing: "names are")
    }

    func hash(_ kind: CronField) -> UInt64 {
        var hash = StableHash()
        hash.combine(seed.utf8)
        hash.separate()
        hash.combine(kind.rawValue)
        return hash.value
    }

    /// Nil if it is not all digits; numbers beyond a million are as good as a million.
    private func number(_ range: Range<Int>) -> Int? {
        guard !range.isEmpty else { return nil }
        var value = 0
        for byte in bytes[range] {
            guard isDigit(byte) else { return nil }
            value = min(value * 10 + Int(byte - UInt8(ascii: "0")), 1_000_000)
        }
        return value
    }

    private func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

    func isStar(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "*") || byte == UInt8(ascii: "?") }
}
