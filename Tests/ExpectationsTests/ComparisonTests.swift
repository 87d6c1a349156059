import Expectations
import JSONText
import Testing

@Suite struct ComparisonTests {
    @Test(arguments: [
        // actual, comparison, expected, holds
        ("7", Matcher.Comparison.equals, "7.0", true), ("7", .equals, #""7""#, false), ("null", .equals, "null", true),
        ("12345678901234567890", .equals, "12345678901234567891", false),
        ("1.10", .equals, "1.1", true), ("1e400", .equals, "1e401", false),
        (#"{"a":1,"b":[2]}"#, .equals, #"{"b":[2.0],"a":1}"#, true), (#"{"a":1}"#, .equals, #"{"a":1,"b":2}"#, false),
        (#""\u00e9""#, .equals, #""e\u0301""#, false), ("[1,2]", .equals, "[2,1]", false),
        ("7", .notEquals, "8", true), ("7", .notEquals, "7e0", false),
        (#""hello""#, .contains, #""ell""#, true), (#""hello""#, .contains, #""""#, true),
        (#""hello""#, .contains, #""x""#, false), ("[1,2]", .contains, "2.0", true), ("[1,2]", .contains, "3", false),
        (#"[{"id":1,"x":2}]"#, .contains, #"{"id":1}"#, true), (#"[{"id":1}]"#, .contains, #"{"id":2}"#, false),
        (#"{"a":{"b":1,"c":2},"d":3}"#, .contains, #"{"a":{"b":1}}"#, true),
        (#"{"a":{"b":1}}"#, .contains, #"{"a":{"b":2}}"#, false), (#"{"a":1}"#, .contains, #""a""#, true),
        (#"{"a":1}"#, .contains, #""b""#, false), ("7", .contains, "7", false), (#""a7""#, .contains, "7", false),
        (#""hello""#, .startsWith, #""he""#, true), (#""hello""#, .startsWith, #""lo""#, false),
        ("7", .startsWith, #""7""#, false), ("2", .oneOf, "[1,2.0]", true), ("3", .oneOf, "[1,2]", false),
        ("8", .greaterThan, "7.5", true), ("7.5", .greaterThan, "7.50", false),
        ("12345678901234567891", .greaterThan, "12345678901234567890", true), (#""8""#, .greaterThan, "7", false),
        ("-1", .lessThan, "0", true), ("0", .lessThan, "0", false), (#""añb""#, .size, "3", true),
        ("[1,2]", .size, "2.0", true), (#"{"a":1}"#, .size, "1", true), ("[]", .size, "1", false),
        ("7", .size, "1", false),
    ])
    func compares(actual: String, comparison: Matcher.Comparison, expected: String, holds: Bool) throws {
        let expectation = try Fixture.value(
            "response", .compare(comparison, .constant(try JSONParser.parse(expected))))
        #expect(try Fixture.failures([expectation], of: Fixture.result(actual)).isEmpty == holds)
    }

    @Test(arguments: [
        ("7", ValueType.number, true), ("7", .integer, true), ("7.0", .integer, true), ("7.5", .integer, false),
        ("1e400", .integer, true), ("1e-400", .integer, false), ("7.5", .number, true), (#""7""#, .number, false),
        (#""7""#, .string, true), ("true", .boolean, true), ("[]", .array, true), ("{}", .object, true),
        ("{}", .array, false), ("null", .null, true), ("0", .null, false), ("not json", .string, true),
        ("", .string, true),
    ])
    func knowsTypes(actual: String, type: ValueType, holds: Bool) throws {
        let expectation = try Fixture.value("response", .type(type))
        #expect(try Fixture.failures([expectation], of: Fixture.result(actual)).isEmpty == holds)
    }

    @Test(arguments: [
        ("200", 200, true), ("200", 201, false), ("2xx", 204, true), ("2XX", 300, false), ("9xx", 901, true),
    ])
    func knowsStatuses(pattern: String, status: Int, matches: Bool) throws {
        #expect(try #require(StatusPattern(pattern)).matches(status) == matches)
    }

    @Test(arguments: ["", "20", "2000", "0xx", "2x0", "x00", "abc", "-20", "+20"])
    func refusesWhatIsNoStatus(pattern: String) {
        #expect(StatusPattern(pattern) == nil)
    }
}
