import JSONText
import Testing

@Suite struct JSONNumberTests {
    @Test(arguments: ["0", "-0", "12", "1.5", "1e400", "-1.20E-7"])
    func takesNumbers(text: String) {
        #expect(JSONNumber(text)?.text == text)
    }

    @Test(arguments: ["", "-", "01", "+1", ".5", "1.", "1e", "0x1", "NaN", " 1", "1 ", "1,5", "١"])
    func refusesOtherText(text: String) {
        #expect(JSONNumber(text) == nil)
    }

    @Test(arguments: [
        ("1", "1.0", 0), ("1", "10e-1", 0), ("0", "-0", 0), ("0", "0e999999999999999999999", 0), ("1e400", "1e401", -1),
        ("12345678901234567890", "12345678901234567891", -1), ("-1", "1", -1), ("-2", "-3", 1), ("0", "-0.001", 1),
        ("0.1", "0.10000000000000000001", -1), ("100", "99.999", 1), ("1e-400", "0", 1), ("-5", "0", -1),
        ("1.10", "1.1", 0), ("120", "12e1", 0), ("9", "10", -1),
    ])
    func comparesExactly(left: String, right: String, order: Int) throws {
        let left = try #require(JSONNumber(left))
        let right = try #require(JSONNumber(right))
        #expect(left.compare(to: right).signum() == order)
        #expect(right.compare(to: left).signum() == -order)
        #expect(left.hasSameValue(as: right) == (order == 0))
    }

    @Test func valuesCompareNumbersByValueOnlyWhenAsked() throws {
        let left = try JSONParser.parse(#"{"a":[1.0,{"b":2}],"c":"x"}"#)
        let right = try JSONParser.parse(#"{"c":"x","a":[1,{"b":2e0}]}"#)
        #expect(left != right)
        #expect(left.equalsByValue(right))
        #expect(!left.equalsByValue(try JSONParser.parse(#"{"c":"y","a":[1,{"b":2e0}]}"#)))
        #expect(!left.equalsByValue(try JSONParser.parse(#"{"c":"x","d":[1,{"b":2e0}]}"#)))
        #expect(JSONValue.null != false)
    }

    @Test(arguments: [
        ("1", "2", "3"), ("1.10", "1", "2.10"), ("0.1", "0.2", "0.3"), ("99", "1", "100"), ("1", "-1", "0"),
        ("1.5", "-1.5", "0.0"), ("-1", "-2.5", "-3.5"), ("1", "-3", "-2"),
        ("12345678901234567890", "1", "12345678901234567891"),
        ("1e3", "1", "1001"), ("1e3", "1e2", "1100"), ("0", "0", "0"), ("0.05", "-0.1", "-0.05"),
        ("1e-3", "0", "0.001"),
    ])
    func addsExactly(left: String, right: String, sum: String) throws {
        let left = JSONDecimal(try #require(JSONNumber(left)))
        let right = JSONDecimal(try #require(JSONNumber(right)))
        #expect(left.sum(with: right)?.plainText() == sum)
        #expect(right.sum(with: left)?.plainText() == sum)
    }

    @Test func absurdlyLongSumsAreRefused() throws {
        let huge = JSONDecimal(try #require(JSONNumber("1e100000")))
        let tiny = JSONDecimal(try #require(JSONNumber("1e-999999999999999999999")))
        let one = JSONDecimal(JSONNumber(1))
        #expect(huge.sum(with: one) == nil)
        #expect(one.sum(with: tiny) == nil)
        #expect(huge.plainText() == nil)
        #expect(huge.wholeText() == nil)
    }

    @Test(
        arguments: [
            ("7", 7), ("7.0", 7), ("70e-1", 7), ("1.000000000000000000000000000000", 1), ("7e2", 700), ("-0", 0),
            ("7.5", nil), ("1e400", nil), ("1e-400", nil),
            ("9223372036854775807", Int.max), ("9223372036854775808", nil), ("-9223372036854775808", Int.min),
        ] as [(String, Int?)])
    func tellsWholeNumbers(text: String, value: Int?) throws {
        #expect(try #require(JSONNumber(text)).intValue == value)
    }

    @Test func doublesBecomeTheirShortestText() {
        #expect(JSONNumber(0.1)?.text == "0.1")
        #expect(JSONNumber(12.0)?.text == "12")
        #expect(JSONNumber(Double.infinity) == nil)
        #expect(JSONNumber(Double.nan) == nil)
        #expect(JSONNumber("1e400")?.doubleValue == .infinity)
    }
}
