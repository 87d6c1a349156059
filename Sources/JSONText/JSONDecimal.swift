/// A decimal number of any length: `digits` × 10^`exponent`.
///
/// Exact, and limited only where a result would be absurdly long: see ``sum(with:limit:)``. Exponents beyond ±10^15
/// are treated as ±10^15.
package struct JSONDecimal: Sendable {
    package let isNegative: Bool
    /// Values 0 to 9, the most significant first, without leading zeros; empty is zero.
    package let digits: [UInt8]
    /// Trailing zeros of the text are kept as digits: `1.10` is 110 × 10^-2.
    package let exponent: Int

    private static let extremeExponent = 1_000_000_000_000_000

    private init(isNegative: Bool, digits: some Sequence<UInt8>, exponent: Int) {
        self.digits = Array(digits.drop { $0 == 0 })
        self.isNegative = isNegative && !self.digits.isEmpty
        self.exponent = exponent
    }

    package init(_ number: JSONNumber) {
        var digits: [UInt8] = []
        var scale = 0
        var exponent = 0
        var isExponentNegative = false
        var part = 0
        let text = number.text.utf8
        for byte in text {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                if part == 2 {
                    exponent = Swift.min(exponent * 10 + Int(byte - 48), Self.extremeExponent)
                } else {
                    digits.append(byte - 48)
                    scale += part
                }
            case UInt8(ascii: "."): part = 1
            case UInt8(ascii: "e"), UInt8(ascii: "E"): part = 2
            case UInt8(ascii: "-"): isExponentNegative = part == 2
            default: break
            }
        }
        self.init(
            isNegative: text.first == UInt8(ascii: "-"), digits: digits,
            exponent: (isExponentNegative ? -exponent : exponent) - scale)
    }

    package var isZero: Bool { digits.isEmpty }

    /// Negative, zero or positive as this value is less than, equal to or greater than another.
    package func compare(to other: JSONDecimal) -> Int {
        if isNegative != other.isNegative { return isNegative ? -1 : 1 }
        let magnitude = compareMagnitude(to: other)
        return isNegative ? -magnitude : magnitude
    }

    private func compareMagnitude(to other: JSONDecimal) -> Int {
        guard !isZero, !other.isZero else { return (isZero ? 0 : 1) - (other.isZero ? 0 : 1) }
        let leading = digits.count + exponent
        let otherLeading = other.digits.count + other.exponent
        guard leading == otherLeading else { return leading < otherLeading ? -1 : 1 }
        for position in 0..<Swift.max(digits.count, other.digits.count) {
            let digit = position < digits.count ? digits[position] : 0
            let otherDigit = position < other.digits.count ? other.digits[position] : 0
            guard digit == otherDigit else { return digit < otherDigit ? -1 : 1 }
        }
        return 0
    }

    /// The exact sum, with as many digits after the point as the longer operand.
    ///
    /// - Returns: nil if either operand written out in full would have more than `limit` digits.
    package func sum(with other: JSONDecimal, limit: Int = 1000) -> JSONDecimal? {
        guard isWritable(limit: limit), other.isWritable(limit: limit) else { return nil }
        let common = Swift.min(exponent, other.exponent, 0)
        let left = digits + repeatElement(0, count: exponent - common)
        let right = other.digits + repeatElement(0, count: other.exponent - common)
        if isNegative == other.isNegative {
            return JSONDecimal(isNegative: isNegative, digits: Self.add(left, right), exponent: common)
        }
        return compareMagnitude(to: other) >= 0
            ? JSONDecimal(isNegative: isNegative, digits: Self.subtract(right, from: left), exponent: common)
            : JSONDecimal(isNegative: other.isNegative, digits: Self.subtract(left, from: right), exponent: common)
    }

    /// The value without exponent, as a JSON number such as `-12.50`; nil if it has more than `limit` digits.
    package func plainText(limit: Int = 1000) -> String? {
        guard isWritable(limit: limit) else { return nil }
        var text: [UInt8] = digits.map { $0 + 48 }
        if exponent >= 0 {
            text += isZero ? [] : Array(repeating: 48, count: exponent)
            if text.isEmpty { text = [48] }
        } else {
            if text.count <= -exponent {
                text.insert(contentsOf: repeatElement(48, count: -exponent - text.count + 1), at: 0)
            }
            text.insert(UInt8(ascii: "."), at: text.count + exponent)
        }
        if isNegative { text.insert(UInt8(ascii: "-"), at: 0) }
        return String(decoding: text, as: UTF8.self)
    }

    /// The value as a JSON number without fraction; nil if it has one that is not zero, or more than `limit` digits.
    package func wholeText(limit: Int = 1000) -> String? {
        if isZero { return "0" }
        guard exponent < 0 else { return plainText(limit: limit) }
        let fraction = digits.suffix(-exponent)
        guard -exponent < digits.count, digits.count <= limit, fraction.allSatisfy({ $0 == 0 }) else { return nil }
        let whole = JSONDecimal(isNegative: isNegative, digits: digits.dropLast(-exponent), exponent: 0)
        return whole.plainText(limit: limit)
    }

    private func isWritable(limit: Int) -> Bool {
        abs(exponent) <= limit && digits.count <= limit
    }

    private static func add(_ left: [UInt8], _ right: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        var carry: UInt8 = 0
        for place in 1...(Swift.max(left.count, right.count) + 1) {
            let sum = digit(left, place) + digit(right, place) + carry
            result.append(sum % 10)
            carry = sum / 10
        }
        return result.reversed()
    }

    /// `left` is not less than `right`.
    private static func subtract(_ right: [UInt8], from left: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        var borrow: UInt8 = 0
        for place in stride(from: 1, through: left.count, by: 1) {
            let difference = 10 + digit(left, place) - digit(right, place) - borrow
            result.append(difference % 10)
            borrow = difference < 10 ? 1 : 0
        }
        return result.reversed()
    }

    /// The digit at a place counted from 1 at the least significant end.
    private static func digit(_ digits: [UInt8], _ place: Int) -> UInt8 {
        place <= digits.count ? digits[digits.count - place] : 0
    }
}
