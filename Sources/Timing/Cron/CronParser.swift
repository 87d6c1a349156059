import JobModel

/// Reads a cron expression's text.
struct CronParser {
    let bytes: [UInt8]
    let seed: String

    init(_ text: String, seed: String) {
        bytes = Array(text.utf8)
        self.seed = seed
    }

    /// What one field says.
    private struct Field {
        var bits: UInt64 = 0
        var ordinalWeekdays: UInt64 = 0
        var beginsWithStar = false
        /// `H/n` in front.
        var beginsWithHashedStep = false
    }

    private static let nicknames: [(name: String, fields: String)] = [
        ("@hourly", "0 * * * *"), ("@daily", "0 0 * * *"), ("@midnight", "0 0 * * *"), ("@weekly", "0 0 * * 0"),
        ("@monthly", "0 0 1 * *"), ("@yearly", "0 0 1 1 *"), ("@annually", "0 0 1 1 *"),
    ]

    func expression() throws(CronError) -> CronExpression {
        let words = words()
        guard let first = words.first, let last = words.last else {
            throw CronError(
                message: "a cron expression is empty", hint: "such as '0 6 * * MON-FRI'", range: 0..<bytes.count)
        }
        let whole = first.lowerBound..<last.upperBound
        if bytes[first.lowerBound] == UInt8(ascii: "@") { return try nickname(whole) }
        if bytes[first].contains(UInt8(ascii: "=")) {
            throw CronError(
                message: "a cron expression has no settings such as '\(text(first))'",
                hint: "write timeZone beside cron", range: first)
        }
        guard words.count == 5 || words.count == 6 else {
            let hint =
                words.count == 7
                ? "a field for years is not supported"
                : "fields are minute, hour, day of month, month, day of week; with six, seconds come first"
            throw CronError(
                message: "a cron expression has 5 fields, or 6 with seconds first, not \(words.count)", hint: hint,
                range: words.count > 6 ? words[6].lowerBound..<whole.upperBound : whole)
        }
        let ranges = words.count == 6 ? words : [0..<0] + words
        let second = words.count == 6 ? try field(.second, ranges[0]) : Field(bits: 1)
        let minute = try field(.minute, ranges[1])
        let hour = try field(.hour, ranges[2])
        let day = try field(.dayOfMonth, ranges[3])
        let month = try field(.month, ranges[4])
        let weekday = try field(.dayOfWeek, ranges[5])
        return CronExpression(
            seconds: second.bits, minutes: minute.bits, hours: hour.bits, daysOfMonth: day.bits, months: month.bits,
            weekdays: weekday.bits, ordinalWeekdays: weekday.ordinalWeekdays,
            bothDaysMustMatch: day.beginsWithStar || weekday.beginsWithStar,
            followsRealTime: minute.beginsWithStar || minute.beginsWithHashedStep || hour.beginsWithStar
                || hour.beginsWithHashedStep)
    }

    private func words() -> [Range<Int>] {
        var words: [Range<Int>] = []
        var start: Int?
        for (offset, byte) in bytes.enumerated() {
            let isBlank = byte == UInt8(ascii: " ") || (9...13).contains(byte)
            if isBlank, let begin = start {
                words.append(begin..<offset)
                start = nil
            } else if !isBlank, start == nil {
                start = offset
            }
        }
        if let start { words.append(start..<bytes.count) }
        return words
    }

    private func nickname(_ range: Range<Int>) throws(CronError) -> CronExpression {
        let name = text(range).lowercased()
        if let fields = Self.nicknames.first(where: { $0.name == name })?.fields {
            return try CronParser(fields, seed: seed).expression()
        }
        if name == "@reboot" {
            throw CronError(
                message: "@reboot names no time: a schedule is the same whenever a machine or a daemon starts",
                hint: "give the times at which the job is to run", range: range)
        }
        if name.hasPrefix("@every") {
            throw CronError(
                message: "@every is not a cron expression", hint: "write 'every: 15m' instead of cron", range: range)
        }
        throw CronError(
            message: "'\(text(range))' is not known",
            hint: NameSuggestion.hint(for: name, in: Self.nicknames.map(\.name), listing: "known are"), range: range)
    }

    private func field(_ kind: CronField, _ range: Range<Int>) throws(CronError) -> Field {
        var field = Field()
        field.beginsWithStar = isStar(bytes[range.lowerBound])
        var start = range.lowerBound
        while true {
            let end = bytes[start..<range.upperBound].firstIndex(of: UInt8(ascii: ",")) ?? range.upperBound
            guard start < end else {
                throw CronError(
                    message: "\(kind.label): a list has an empty entry", hint: "remove the comma",
                    range: start < range.upperBound ? start..<start + 1 : start - 1..<start)
            }
            try entry(kind, start..<end, isFirst: start == range.lowerBound, into: &field)
            guard end < range.upperBound else { return field }
            start = end + 1
        }
    }

    /// One entry of a list.
    private func entry(
        _ kind: CronField, _ range: Range<Int>, isFirst: Bool, into field: inout Field
    ) throws(CronError) {
        let slash = bytes[range].firstIndex(of: UInt8(ascii: "/"))
        let base = range.lowerBound..<(slash ?? range.upperBound)
        var step: Int?
        if let slash { step = try self.step(kind, slash + 1..<range.upperBound, of: range) }
        guard let first = bytes[base].first else {
            throw CronError(
                message: "\(kind.label): a step needs something to step through", hint: "such as */5", range: range)
        }
        if isStar(first), base.count == 1 {
            return fill(&field, kind, kind.permitted, by: step ?? 1)
        }
        if first | 0x20 == UInt8(ascii: "h") {
            if isFirst, base.count == 1, step != nil { field.beginsWithHashedStep = true }
            let choices = base.count == 1 ? kind.hashed : try hashedRange(kind, base)
            let hash = hash(kind)
            let width = min(step ?? choices.count, choices.count)
            let chosen = choices.lowerBound + Int(hash % UInt64(width))
            return fill(&field, kind, chosen...(step == nil ? chosen : choices.upperBound), by: step ?? 1)
        }
        if try special(kind, base, stepped: step != nil, into: &field) { return }
        if let dash = bytes[base].firstIndex(of: UInt8(ascii: "-")) {
            return fill(&field, kind, try self.range(kind, base, dash: dash), by: step ?? 1)
        }
        let value = try value(kind, base)
        fill(&field, kind, value...(step == nil ? value : kind.permitted.upperBound), by: step ?? 1)
    }

    private func fill(_ field: inout Field, _ kind: CronField, _ values: ClosedRange<Int>, by step: Int) {
        for value in stride(from: values.lowerBound, through: values.upperBound, by: step) {
            field.bits |= 1 << UInt64(kind == .dayOfWeek ? value % 7 : value)
        }
    }

    /// `L`, `5L` and `5#2`; false if it is none of them.
    private func special(
        _ kind: CronField, _ base: Range<Int>, stepped: Bool, into field: inout Field
    ) throws(CronError) -> Bool {
        let hash = bytes[base].firstIndex(of: UInt8(ascii: "#"))
        let endsWithL = bytes[base.upperBound - 1] | 0x20 == UInt8(ascii: "l")
        let beginsWithL = bytes[base.lowerBound] | 0x20 == UInt8(ascii: "l")
        switch kind {
        case .dayOfMonth where beginsWithL && base.count == 1 && !stepped:
            field.bits |= 1
        case .dayOfMonth where beginsWithL:
            throw CronError(
                message: "day of month: '\(text(base))' is not known", hint: "L alone is the month's last day",
                range: base)
        case .dayOfWeek where endsWithL && base.count == 1:
            throw CronError(
                message: "day of week: L needs a weekday", hint: "5L is the month's last Friday, SAT every Saturday",
                range: base)
        case .dayOfWeek where (endsWithL || hash != nil) && stepped:
            throw CronError(
                message: "day of week: '\(text(base))' is one day of the month and takes no step", range: base)
        case .dayOfWeek where endsWithL:
            let weekday = try value(kind, base.lowerBound..<base.upperBound - 1)
            field.ordinalWeekdays |= 1 << UInt64(8 * (weekday % 7) + 6)
        case .dayOfWeek:
            guard let hash else { return false }
            let weekday = try value(kind, base.lowerBound..<hash)
            let ordinal = hash + 1..<base.upperBound
            guard ordinal.count == 1, (UInt8(ascii: "1")...UInt8(ascii: "5")).contains(bytes[hash + 1]) else {
                throw CronError(
                    message: "day of week: '\(text(ordinal))' after # is not in 1-5", hint: "5#2 is the second Friday",
                    range: ordinal.isEmpty ? base : ordinal)
            }
            field.ordinalWeekdays |= 1 << UInt64(8 * (weekday % 7) + Int(bytes[hash + 1] - UInt8(ascii: "0")))
        default:
            return false
        }
        return true
    }

    /// For messages.
    func text(_ range: Range<Int>) -> String {
        let shown = bytes[range].prefix(40)
        return String(decoding: shown, as: UTF8.self) + (shown.count < range.count ? "…" : "")
    }
}
