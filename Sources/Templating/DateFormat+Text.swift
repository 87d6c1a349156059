import JobModel

extension DateFormat {
    private static let days = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"]
    private static let months = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
    ]

    /// A time in this format.
    func text(of clock: ZoneClock) -> String {
        var output: [UInt8] = []
        for item in items {
            switch item {
            case .literal(let bytes): output += bytes
            case .directive(let letter, let padding, let isUpper):
                let start = output.count
                append(letter, padding, of: clock, to: &output)
                guard isUpper else { continue }
                for position in start..<output.count where (97...122).contains(output[position]) {
                    output[position] -= 32
                }
            }
        }
        return String(decoding: output, as: UTF8.self)
    }

    private func append(_ letter: UInt8, _ padding: Padding, of clock: ZoneClock, to output: inout [UInt8]) {
        let civil = clock.civil
        func number(_ value: Int, _ width: Int, _ filler: Padding = .zero) {
            Self.append(value, width: width, padding == .standard ? filler : padding, to: &output)
        }
        let hour12 = (civil.hour + 11) % 12 + 1
        switch letter {
        case UInt8(ascii: "Y"): number(civil.year, 4)
        case UInt8(ascii: "C"): number(civil.year / 100, 2)
        case UInt8(ascii: "y"): number(civil.year % 100, 2)
        case UInt8(ascii: "m"): number(civil.month, 2)
        case UInt8(ascii: "d"): number(civil.day, 2)
        case UInt8(ascii: "e"): number(civil.day, 2, .space)
        case UInt8(ascii: "j"): number(civil.dayOfYear, 3)
        case UInt8(ascii: "H"): number(civil.hour, 2)
        case UInt8(ascii: "k"): number(civil.hour, 2, .space)
        case UInt8(ascii: "I"): number(hour12, 2)
        case UInt8(ascii: "l"): number(hour12, 2, .space)
        case UInt8(ascii: "M"): number(civil.minute, 2)
        case UInt8(ascii: "S"): number(civil.second, 2)
        case UInt8(ascii: "L"): number(clock.microsecond / 1000, 3)
        case UInt8(ascii: "f"): number(clock.microsecond, 6)
        case UInt8(ascii: "s"): number(Int(clock.time.seconds), 1)
        case UInt8(ascii: "u"): number(clock.isoWeekday, 1)
        case UInt8(ascii: "w"): number(civil.weekday, 1)
        case UInt8(ascii: "G"): number(clock.isoWeek.year, 4)
        case UInt8(ascii: "g"): number(clock.isoWeek.year % 100, 2)
        case UInt8(ascii: "V"): number(clock.isoWeek.week, 2)
        case UInt8(ascii: "U"): number((civil.dayOfYear + 6 - civil.weekday) / 7, 2)
        case UInt8(ascii: "W"): number((civil.dayOfYear + 7 - clock.isoWeekday) / 7, 2)
        case UInt8(ascii: "a"): output += Self.days[civil.weekday].utf8.prefix(3)
        case UInt8(ascii: "A"): output += Self.days[civil.weekday].utf8
        case UInt8(ascii: "b"): output += Self.months[civil.month - 1].utf8.prefix(3)
        case UInt8(ascii: "B"): output += Self.months[civil.month - 1].utf8
        case UInt8(ascii: "p"): output += (civil.hour < 12 ? "AM" : "PM").utf8
        case UInt8(ascii: "P"): output += (civil.hour < 12 ? "am" : "pm").utf8
        case UInt8(ascii: "Z"): output += clock.abbreviation.utf8
        case UInt8(ascii: "z"): Self.append(offset: clock.secondsEast, colon: false, to: &output)
        case UInt8(ascii: ":"): Self.append(offset: clock.secondsEast, colon: true, to: &output)
        default: break
        }
    }

    private static func append(_ value: Int, width: Int, _ padding: Padding, to output: inout [UInt8]) {
        let digits = String(value.magnitude).utf8
        if value < 0 { output.append(UInt8(ascii: "-")) }
        if padding != .none, digits.count < width {
            let filler = padding == .space ? UInt8(ascii: " ") : UInt8(ascii: "0")
            output += repeatElement(filler, count: width - digits.count)
        }
        output += digits
    }

    private static func append(offset: Int, colon: Bool, to output: inout [UInt8]) {
        output.append(UInt8(ascii: offset < 0 ? "-" : "+"))
        append(abs(offset) / 3600, width: 2, .zero, to: &output)
        if colon { output.append(UInt8(ascii: ":")) }
        append(abs(offset) / 60 % 60, width: 2, .zero, to: &output)
    }
}
