extension Timestamp {
    /// The time as RFC 3339 in UTC, such as `2026-11-22T01:15:00.123Z`.
    ///
    /// - Parameter fractionDigits: 0, 3 or 6 digits of the second's fraction, cut and not rounded.
    package func rfc3339(fractionDigits: Int = 3) -> String {
        String(decoding: rfc3339Bytes(fractionDigits: fractionDigits), as: UTF8.self)
    }

    /// The ASCII bytes of ``rfc3339(fractionDigits:)``, for writers of records.
    package func rfc3339Bytes(fractionDigits: Int = 3) -> [UInt8] {
        let civil = CivilDateTime(secondsSinceEpoch: seconds)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(27)
        func append(_ value: Int, digits: Int) {
            var divisor = 1
            for _ in 1..<digits { divisor *= 10 }
            while divisor > 0 {
                bytes.append(UInt8(48 + value / divisor % 10))
                divisor /= 10
            }
        }
        append(civil.year, digits: 4)
        bytes.append(UInt8(ascii: "-"))
        append(civil.month, digits: 2)
        bytes.append(UInt8(ascii: "-"))
        append(civil.day, digits: 2)
        bytes.append(UInt8(ascii: "T"))
        append(civil.hour, digits: 2)
        bytes.append(UInt8(ascii: ":"))
        append(civil.minute, digits: 2)
        bytes.append(UInt8(ascii: ":"))
        append(civil.second, digits: 2)
        if fractionDigits > 0 {
            let micro = Int(microseconds - seconds * 1_000_000)
            bytes.append(UInt8(ascii: "."))
            append(fractionDigits <= 3 ? micro / 1000 : micro, digits: fractionDigits <= 3 ? 3 : 6)
        }
        bytes.append(UInt8(ascii: "Z"))
        return bytes
    }

    /// Reads an RFC 3339 `date-time` (section 5.6): any offset, `T` or a space, any number of fraction digits, of
    /// which six are kept. A leap second (`:60`) is read as the following second.
    ///
    /// Nil for anything else, days that do not exist included.
    package init?(rfc3339 text: some StringProtocol) {
        var rest = text.utf8[...]
        func number(_ digits: Int) -> Int? {
            guard rest.count >= digits else { return nil }
            var value = 0
            for _ in 0..<digits {
                guard let byte = rest.popFirst(), byte >= 48, byte <= 57 else { return nil }
                value = value * 10 + Int(byte - 48)
            }
            return value
        }
        func take(_ accepted: String) -> UInt8? {
            guard let byte = rest.first, accepted.utf8.contains(byte) else { return nil }
            rest.removeFirst()
            return byte
        }
        guard let year = number(4), take("-") != nil, let month = number(2), take("-") != nil,
            let day = number(2), take("Tt ") != nil, let hour = number(2), take(":") != nil,
            let minute = number(2), take(":") != nil, let second = number(2)
        else { return nil }
        guard (1...12).contains(month), (1...CivilDateTime.days(inMonth: month, of: year)).contains(day),
            hour < 24, minute < 60, second <= 60
        else { return nil }
        var micro: Int64 = 0
        if take(".") != nil {
            var unit: Int64 = 100_000
            var any = false
            while let byte = rest.first, byte >= 48, byte <= 57 {
                micro += Int64(byte - 48) * unit
                unit /= 10
                any = true
                rest.removeFirst()
            }
            guard any else { return nil }
        }
        var offset: Int64 = 0
        if take("Zz") == nil {
            guard let sign = take("+-"), let hours = number(2), take(":") != nil, let minutes = number(2),
                hours < 24, minutes < 60
            else { return nil }
            offset = Int64(hours * 3600 + minutes * 60) * (sign == UInt8(ascii: "-") ? -1 : 1)
        }
        guard rest.isEmpty else { return nil }
        let civil = CivilDateTime(year: year, month: month, day: day, hour: hour, minute: minute, second: second)
        self.init(microseconds: (civil.secondsSinceEpoch - offset) * 1_000_000 + micro)
    }
}
