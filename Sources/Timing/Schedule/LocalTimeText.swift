import JobModel

/// Local times in seconds, as if they were UTC, as text.
enum LocalTimeText {
    /// `2026-03-29T03:00:00+02:00`.
    ///
    /// - Parameter microseconds: the second's fraction; written with 3 or 6 digits unless it is zero.
    static func dateTime(_ local: Int64, microseconds: Int, offset: Int64) -> String {
        text { writer in
            let civil = CivilDateTime(secondsSinceEpoch: local)
            writer.append(date: civil)
            writer.append("T")
            writer.append(hour: civil.hour, minute: civil.minute, second: civil.second)
            if microseconds > 0 {
                writer.append(".")
                var unit = 100_000
                while unit >= (microseconds % 1000 == 0 ? 1000 : 1) {
                    writer.append(digit: microseconds / unit)
                    unit /= 10
                }
            }
            let east = Int(offset.magnitude)
            writer.append(offset < 0 ? "-" : "+")
            writer.append(hour: east / 3600, minute: east / 60 % 60, second: east % 60 == 0 ? nil : east % 60)
        }
    }

    /// `02:30`, with seconds if there are any, and with the date if it is another than that of a second time.
    static func timeOfDay(_ local: Int64, on other: Int64) -> String {
        text { writer in
            let civil = CivilDateTime(secondsSinceEpoch: local)
            if local.wholeDays != other.wholeDays {
                writer.append(date: civil)
                writer.append(" ")
            }
            writer.append(hour: civil.hour, minute: civil.minute, second: civil.second == 0 ? nil : civil.second)
        }
    }

    private static func text(_ write: (inout Writer) -> Void) -> String {
        String(unsafeUninitializedCapacity: Writer.capacity) { buffer in
            var writer = Writer(buffer: buffer)
            write(&writer)
            return writer.count
        }
    }

    /// What does not fit is left out.
    private struct Writer {
        /// `-146138-12-31T23:59:59.999999+23:59:59` and more.
        static let capacity = 48
        let buffer: UnsafeMutableBufferPointer<UInt8>
        private(set) var count = 0

        init(buffer: UnsafeMutableBufferPointer<UInt8>) {
            self.buffer = buffer
        }

        mutating func append(byte: UInt8) {
            guard count < buffer.count else { return }
            buffer[count] = byte
            count += 1
        }

        mutating func append(_ character: Unicode.Scalar) { append(byte: UInt8(ascii: character)) }

        mutating func append(digit: Int) { append(byte: UInt8(ascii: "0") + UInt8(digit % 10)) }

        /// The last two digits of a number.
        mutating func append(pair: Int) {
            append(digit: pair / 10)
            append(digit: pair)
        }

        mutating func append(date: CivilDateTime) {
            let year = abs(date.year)
            if date.year < 0 { append("-") }
            if year > 9999 { append(pair: year / 10_000) }
            append(pair: year / 100)
            append(pair: year)
            append("-")
            append(pair: date.month)
            append("-")
            append(pair: date.day)
        }

        mutating func append(hour: Int, minute: Int, second: Int?) {
            append(pair: hour)
            append(":")
            append(pair: minute)
            guard let second else { return }
            append(":")
            append(pair: second)
        }
    }
}
