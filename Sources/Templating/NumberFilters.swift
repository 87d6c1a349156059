import JSONText

/// `int`, `number`, `bool`, `add`: exact on any number of digits.
enum NumberFilters {
    /// As many digits as an exponent may add: what is written with more of them stays as long as it is.
    private static let mostDigits = 1000

    /// The whole number that a value is or says: `"007"` is 7, `"1.0"` is 1, `"1.5"` is an error.
    static func int(_ value: TemplateValue) throws(FilterFailure) -> TemplateValue {
        if case .json(.number(let number)) = value, Int(number.text) != nil, number.text != "-0" { return value }
        let number = try number(value, wanted: "a whole number")
        let decimal = JSONDecimal(number)
        if let whole = decimal.wholeText(limit: limit(of: number)).flatMap(JSONNumber.init) {
            return .json(.number(whole))
        }
        if decimal.exponent > 0 { throw tooLong(value) }
        throw FilterFailure(message: "wants a whole number, found \(value.excerpt)")
    }

    private static func limit(of numbers: JSONNumber...) -> Int {
        numbers.reduce(mostDigits) { max($0, $1.text.utf8.count) }
    }

    private static func tooLong(_ value: TemplateValue) -> FilterFailure {
        FilterFailure(message: "\(value.excerpt) written out has more than \(mostDigits) digits")
    }

    /// The number that a value is or says, its digits kept. Text may have white space around it, a plus sign, leading
    /// zeros, and a point without digits on one side; what JSON does not know of these is left out.
    static func number(_ value: TemplateValue, wanted: String = "a number") throws(FilterFailure) -> JSONNumber {
        switch value {
        case .json(.number(let number)): return number
        case .json(.string(let text)):
            if let number = JSONNumber(text) ?? normalised(text) { return number }
        default: break
        }
        throw FilterFailure(message: "wants \(wanted), found \(value.excerpt)")
    }

    private static func normalised(_ text: String) -> JSONNumber? {
        var rest = TextFilters.trimmed(text)[...]
        let sign = rest.first == "-" ? "-" : ""
        if rest.first == "-" || rest.first == "+" { rest.removeFirst() }
        guard let first = rest.utf8.first, (48...57).contains(first) || first == UInt8(ascii: ".") else { return nil }
        var whole = rest.prefix { $0 != "." && $0 != "e" && $0 != "E" }
        rest = rest[whole.endIndex...]
        while whole.first == "0" { whole.removeFirst() }
        var fraction = rest.first == "." ? rest.prefix { $0 != "e" && $0 != "E" } : ""
        if !fraction.isEmpty { rest = rest[fraction.endIndex...] }
        // A point wants a digit on one side at least.
        if fraction == "." {
            guard first != UInt8(ascii: ".") else { return nil }
            fraction = ""
        }
        return JSONNumber(sign + (whole.isEmpty ? "0" : whole) + fraction + rest)
    }

    /// `true`, `yes`, `1` and `false`, `no`, `0`, in any case.
    static func bool(_ value: TemplateValue) throws(FilterFailure) -> Bool {
        switch value {
        case .json(.bool(let value)): return value
        case .json(.string), .json(.number):
            switch TextFilters.trimmed(try value.scalarText()).lowercased() {
            case "true", "yes", "1": return true
            case "false", "no", "0": return false
            default: break
            }
        default: break
        }
        throw FilterFailure(message: "wants true, false, yes, no, 1 or 0, found \(value.excerpt)")
    }

    /// The exact sum, with as many digits after the point as the longer number.
    static func sum(_ left: TemplateValue, _ right: TemplateValue) throws(FilterFailure) -> JSONNumber {
        let (left, right) = (try number(left), try number(right))
        if let left = Int(left.text), let right = Int(right.text) {
            let (sum, overflow) = left.addingReportingOverflow(right)
            if !overflow { return JSONNumber(sum) }
        }
        let limit = limit(of: left, right)
        guard let sum = JSONDecimal(left).sum(with: JSONDecimal(right), limit: limit)?.plainText(limit: limit + 1),
            let number = JSONNumber(sum)
        else {
            throw FilterFailure(message: "the sum would have more than \(mostDigits) digits")
        }
        return number
    }
}
