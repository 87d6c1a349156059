/// A JSON number (RFC 8259, section 6) as the text it was written in, so that no digit is lost.
package struct JSONNumber: Sendable, Equatable {
    /// The number as it was written, such as `12345678901234567890`, `1.10` or `1e400`.
    package let text: String

    /// Nil unless the text is a JSON number and nothing else.
    package init?(_ text: String) {
        var text = text
        let isNumber = text.withUTF8 { bytes in
            var scanner = JSONScanner(bytes)
            guard !bytes.isEmpty, (try? scanner.skipNumber()) != nil else { return false }
            return scanner.position == bytes.count
        }
        guard isNumber else { return nil }
        self.text = text
    }

    /// Takes a text that the caller knows to be a JSON number.
    package init(validText text: String) {
        self.text = text
    }

    package init(_ value: Int) {
        text = String(value)
    }

    /// The shortest text that reads back as the same double; nil for infinities and NaN.
    package init?(_ value: Double) {
        guard value.isFinite else { return nil }
        let text = value.description
        self.text = text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }

    /// The exact value if it is whole (`7`, `7.0`, `7e0`) and fits; else nil.
    package var intValue: Int? {
        if let value = Int(text) { return value }
        return JSONDecimal(self).wholeText().flatMap { Int($0) }
    }

    /// The nearest double; infinite where the number is beyond its range.
    package var doubleValue: Double {
        Double(text) ?? .nan
    }

    /// Whether two numbers are equal in value, however they are written: exact, without going through doubles.
    package func hasSameValue(as other: JSONNumber) -> Bool {
        text == other.text || JSONDecimal(self).compare(to: JSONDecimal(other)) == 0
    }

    /// Negative, zero or positive as this number is less than, equal to or greater than another; exact.
    package func compare(to other: JSONNumber) -> Int {
        JSONDecimal(self).compare(to: JSONDecimal(other))
    }
}
