extension PosixTimeZone {
    /// Reads a `TZ` string such as `CET-1CEST,M3.5.0,M10.5.0/3`; nil if it is anything else.
    ///
    /// A string with daylight saving time must say when it starts and ends.
    init?(_ text: some Collection<UInt8>) {
        var scanner = Scanner(rest: Array(text)[...])
        guard let name = scanner.name(), let offset = scanner.offset() else { return nil }
        standard = LocalTimeType(secondsEast: -offset, isDaylight: false, abbreviation: name)
        guard !scanner.isAtEnd else { return }

        guard let daylightName = scanner.name() else { return nil }
        var daylightOffset = offset - 3600
        if scanner.rest.first != UInt8(ascii: ",") {
            guard let explicit = scanner.offset() else { return nil }
            daylightOffset = explicit
        }
        guard scanner.take(","), let start = scanner.yearlyTime(), scanner.take(","), let end = scanner.yearlyTime(),
            scanner.isAtEnd
        else { return nil }
        let type = LocalTimeType(secondsEast: -daylightOffset, isDaylight: true, abbreviation: daylightName)
        daylight = Daylight(type: type, start: start, end: end)
    }

    private struct Scanner {
        var rest: ArraySlice<UInt8>

        var isAtEnd: Bool { rest.isEmpty }

        mutating func take(_ character: Unicode.Scalar) -> Bool {
            guard rest.first == UInt8(ascii: character) else { return false }
            rest.removeFirst()
            return true
        }

        /// Letters, or anything of letters, digits and signs between `<` and `>`; at least three.
        mutating func name() -> String? {
            let isQuoted = take("<")
            let name = rest.prefix { byte in
                let isLetter = (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
                return isLetter
                    || isQuoted && ((48...57).contains(byte) || byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-"))
            }
            rest = rest.dropFirst(name.count)
            guard name.count >= 3, !isQuoted || take(">") else { return nil }
            return String(decoding: name, as: UTF8.self)
        }

        mutating func number(_ range: ClosedRange<Int>) -> Int? {
            let digits = rest.prefix { (48...57).contains($0) }
            guard (1...3).contains(digits.count) else { return nil }
            rest = rest.dropFirst(digits.count)
            let value = digits.reduce(0) { $0 * 10 + Int($1 - 48) }
            return range.contains(value) ? value : nil
        }

        /// `[+-]hh[:mm[:ss]]` in seconds.
        mutating func time(maximumHours: Int) -> Int? {
            let isNegative = take("-")
            if !isNegative { _ = take("+") }
            guard let hours = number(0...maximumHours) else { return nil }
            var seconds = hours * 3600
            if take(":") {
                guard let minutes = number(0...59) else { return nil }
                seconds += minutes * 60
                if take(":") {
                    guard let more = number(0...59) else { return nil }
                    seconds += more
                }
            }
            return isNegative ? -seconds : seconds
        }

        /// Seconds *west* of UTC, as POSIX counts.
        mutating func offset() -> Int? { time(maximumHours: 24) }

        mutating func yearlyTime() -> YearlyTime? {
            let day: YearlyTime.Day
            if take("M") {
                guard let month = number(1...12), take("."), let week = number(1...5), take("."),
                    let weekday = number(0...6)
                else { return nil }
                day = .weekday(month: month, week: week, weekday: weekday)
            } else if take("J") {
                guard let number = number(1...365) else { return nil }
                day = .julian(number)
            } else {
                guard let number = number(0...365) else { return nil }
                day = .dayOfYear(number)
            }
            guard take("/") else { return YearlyTime(day: day, time: 7200) }
            return time(maximumHours: 167).map { YearlyTime(day: day, time: $0) }
        }
    }
}
