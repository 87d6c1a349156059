import JobModel
import TestSupport
import Testing

@testable import Timing

@Suite
struct CronExpressionTests {
    private func parse(_ text: String, seed: String = "job") throws -> CronExpression {
        try CronExpression(text, seed: seed)
    }

    @Test(arguments: [
        ("0 6 * * MON-FRI", "0 6 * * 1-5"),
        ("0 6 * * mon,Tue,wEd,THU,fri", "0 6 * * 1-5"),
        ("0 6 * JAN,dec *", "0 6 * 1,12 *"),
        ("0 6 ? * ?", "0 6 * * *"),
        ("0 6 ?/2 * ?", "0 6 */2 * *"),
        ("0 6 * * 7", "0 6 * * 0"),
        ("0 6 * * 5-7", "0 6 * * 0,5,6"),
        ("0 6 * * FRI-SUN", "0 6 * * 0,5,6"),
        ("0 6 * * SUN-TUE", "0 6 * * 0-2"),
        ("0 6 * * 0-7", "0 6 * * */1"),
        ("0 6 * * 1/3", "0 6 * * 0,1,4"),
        ("0 6 * * */7", "0 6 * * */9"),
        ("  0\t6  *  *\n* ", "0 6 * * *"),
        ("00 06 * * *", "0 6 * * *"),
        ("5-5/10 1 * * *", "5 1 * * *"),
        ("5/10 1 * * *", "5,15,25,35,45,55 1 * * *"),
        ("10-40/15 1 * * *", "10,25,40 1 * * *"),
        ("5/90 1 * * *", "5 1 * * *"),
        ("0 0 1 1 *", "@yearly"),
        ("0 0 1 1 *", "@annually"),
        ("0 0 1 * *", "@Monthly"),
        ("0 0 * * 0", "@weekly"),
        ("0 0 * * *", "@daily"),
        ("0 0 * * *", " @midnight "),
        ("0 * * * *", "@hourly"),
        ("0 0 6 * * *", "0 6 * * *"),
        ("0 6 l * *", "0 6 L * *"),
        ("0 6 * * fri#2", "0 6 * * 5#2"),
        ("0 6 * * 7#1", "0 6 * * 0#1"),
        ("0 6 * * friL", "0 6 * * 5L"),
        ("h 6 * * *", "H 6 * * *"),
    ])
    func meansTheSame(_ left: String, _ right: String) throws {
        #expect(try parse(left) == parse(right))
    }

    @Test(arguments: [
        ("*/5 6 * * *", "0/5 6 * * *"),
        ("0 6 */2 * MON", "0 6 1/2 * MON"),
        ("0 6 * * 5#2", "0 6 * * 5L"),
        ("0 6 L * *", "0 6 31 * *"),
    ])
    func meansSomethingElse(_ left: String, _ right: String) throws {
        #expect(try parse(left) != parse(right))
    }

    @Test(arguments: [
        ("* 2 * * *", true), ("*/15 2 * * *", true), ("?/15 2 * * *", true), ("*,30 2 * * *", true),
        ("30 * * * *", true), ("30 */2 * * *", true), ("H/15 2 * * *", true), ("30 H/6 * * *", true),
        ("30,* 2 * * *", false), ("30 2 * * *", false), ("0-59 2 * * *", false), ("0/15 2 * * *", false),
        ("H 2 * * *", false), ("H(0-29)/10 2 * * *", false), ("* 30 2 * * *", false), ("@daily", false),
        ("@hourly", true),
    ])
    func followsRealTime(_ text: String, _ expected: Bool) throws {
        #expect(try parse(text).followsRealTime == expected)
    }

    @Test(arguments: [
        ("0 0 30 2 *", true), ("0 0 31 2,4,6,9,11 *", true), ("0 0 31 4 *", true), ("0 0 30,31 2 ?", true),
        // The first of a month is never its fifth Friday.
        ("0 0 */31 * 5#5", true), ("0 0 */31 * 5L", true),
        ("0 0 29 2 *", false), ("0 0 L 2 *", false), ("0 0 30 2 MON", false), ("0 0 * 2 1#5", false),
        ("0 0 */30 2 1#5", true), ("0 0 */28 2 1#5", false), ("0 0 31 2,3 *", false), ("* * * * * *", false),
    ])
    func neverFires(_ text: String, _ expected: Bool) throws {
        #expect(try parse(text).neverFires == expected)
        #expect(try Schedules.cron(text).neverFires == expected)
        #expect(try (Schedules.cron(text).next(after: Timestamp(seconds: 0)) == nil) == expected)
        #expect(try (Schedules.cron(text).latest(through: Timestamp(seconds: 0)) == nil) == expected)
    }

    // MARK: H

    /// These values are for ever: another release must not move anybody's jobs.
    @Test(arguments: [
        ("H H H H H", "nightly", "10 8 16 5 0"),
        ("H H H H H H", "nightly", "40 10 8 16 5 0"),
        ("H(0-9) H(22-23) * * *", "nightly", "0 22 * * *"),
        ("H H * * *", "", "51 17 * * *"),
    ])
    func hashIsStable(_ text: String, _ seed: String, _ expected: String) throws {
        #expect(try parse(text, seed: seed) == parse(expected))
    }

    @Test func hashedValuesDependOnTheNameAndTheField() throws {
        let names = (0..<600).map { "job-\($0)" }
        let minutes = try names.map { try parse("H 0 * * *", seed: $0).minutes }
        // Each minute is taken, none by too many of 600 names: 10 on average.
        let counts = Dictionary(grouping: minutes, by: \.self).mapValues(\.count)
        #expect(counts.count == 60)
        #expect(counts.values.allSatisfy { $0 < 30 })
        let same = try names.count { name in
            let expression = try parse("H H * * * *", seed: name)
            return expression.seconds == expression.minutes
        }
        #expect(same < 40)
    }

    @Test(arguments: ["H", "H(0-29)", "H/15", "H(0-29)/10", "H(10-10)", "H/100"])
    func hashedValuesStayInTheirRange(_ text: String) throws {
        for number in 0..<100 {
            let bits = try parse("\(text) 0 * * *", seed: "job-\(number)").minutes
            let values = (0..<64).filter { bits & (1 << UInt64($0)) != 0 }
            let first = try #require(values.first)
            switch text {
            case "H", "H/100":
                #expect(values.count == 1 && first < 60)
            case "H(0-29)":
                #expect(values.count == 1 && first < 30)
            case "H/15":
                #expect(values == [first, first + 15, first + 30, first + 45] && first < 15)
            case "H(0-29)/10":
                #expect(values == [first, first + 10, first + 20] && first < 10)
            default:
                #expect(values == [10])
            }
        }
    }

    @Test func hashedDaysComeEachMonth() throws {
        for number in 0..<100 {
            let expression = try parse("H H H H H", seed: "job-\(number)")
            #expect(expression.daysOfMonth.trailingZeroBitCount <= 28)
            #expect(expression.daysOfMonth.nonzeroBitCount == 1 && expression.months.nonzeroBitCount == 1)
            #expect((1...12).contains(expression.months.trailingZeroBitCount))
            #expect(expression.weekdays.nonzeroBitCount == 1 && expression.weekdays < 128)
            #expect(!expression.bothDaysMustMatch)
        }
    }

    // MARK: Errors

    struct Wrong: Sendable, CustomTestStringConvertible {
        var text: String
        var message: String
        var hint: String?
        /// Carets under the wrong part.
        var carets: String
        var testDescription: String { text }

        init(_ text: String, _ carets: String, _ message: String, _ hint: String? = nil) {
            (self.text, self.message, self.hint, self.carets) = (text, message, hint, carets)
        }
    }

    @Test(arguments: [
        Wrong("75 6 * * *", "^^", "minute: 75 is not in 0-59"),
        Wrong("0 24 * * *", "  ^^", "hour: 24 is not in 0-23", "midnight is 0"),
        Wrong("60 0 * * *", "^^", "minute: 60 is not in 0-59", "the full hour is 0"),
        Wrong("0 6 0 * *", "    ^", "day of month: 0 is not in 1-31"),
        Wrong("0 6 32 * *", "    ^^", "day of month: 32 is not in 1-31", "L is the month's last day"),
        Wrong("0 6 * 13 *", "      ^^", "month: 13 is not in 1-12", "1 is January, 12 is December"),
        Wrong("0 6 * * 8", "        ^", "day of week: 8 is not in 0-7", "0 and 7 are Sunday, 6 is Saturday"),
        Wrong(
            "0 6 * * MON,FOO", "            ^^^",
            "day of week: 'FOO' is neither a number in 0-7 nor a name",
            "names are: SUN, MON, TUE, WED, THU, FRI, SAT"),
        Wrong(
            "0 6 * * MONDAY", "        ^^^^^^",
            "day of week: 'MONDAY' is neither a number in 0-7 nor a name", "write MON"),
        Wrong("0 6 * JUNE *", "      ^^^^", "month: 'JUNE' is neither a number in 1-12 nor a name", "write JUN"),
        Wrong("0 6 * JNU *", "      ^^^", "month: 'JNU' is neither a number in 1-12 nor a name", "did you mean 'JUN'?"),
        Wrong("x 6 * * *", "^", "minute: 'x' is not a number in 0-59"),
        Wrong("-5 6 * * *", "^^", "minute: '-5' is not a range", "such as 1-5"),
        Wrong("5- 6 * * *", "^^", "minute: '5-' is not a range", "such as 1-5"),
        Wrong("1-2-3 6 * * *", "  ^^^", "minute: '2-3' is not a number in 0-59"),
        Wrong("*/0 6 * * *", "  ^", "minute: a step of 0 goes nowhere", "the smallest step is 1"),
        Wrong("*/x 6 * * *", "  ^", "minute: the step 'x' is not a number", "such as */5"),
        Wrong("*/ 6 * * *", "^^", "minute: the step '' is not a number", "such as */5"),
        Wrong("/5 6 * * *", "^^", "minute: a step needs something to step through", "such as */5"),
        Wrong("*/5/5 6 * * *", "  ^^^", "minute: the step '5/5' is not a number", "such as */5"),
        Wrong("** 6 * * *", "^^", "minute: '**' is not a number in 0-59"),
        Wrong("1,,2 6 * * *", "  ^", "minute: a list has an empty entry", "remove the comma"),
        Wrong(",1 6 * * *", "^", "minute: a list has an empty entry", "remove the comma"),
        Wrong("1, 6 * * *", " ^", "minute: a list has an empty entry", "remove the comma"),
        Wrong("0 22-2 * * *", "  ^^^^", "hour: the range '22-2' runs backwards", "write 22-23,0-2"),
        Wrong("0 23-0 * * *", "  ^^^^", "hour: the range '23-0' runs backwards", "write 23,0"),
        Wrong("0 6 * * FRI-MON", "        ^^^^^^^", "day of week: the range 'FRI-MON' runs backwards", "write 5-6,0-1"),
        Wrong("0 6 * * 6-0", "        ^^^", "day of week: the range '6-0' runs backwards", "write 6,0"),
        Wrong("0 6 28-3 * *", "    ^^^^", "day of month: the range '28-3' runs backwards", "write 28-31,1-3"),
        Wrong("0 6 * NOV-FEB *", "      ^^^^^^^", "month: the range 'NOV-FEB' runs backwards", "write 11-12,1-2"),
        Wrong("0 6 LW * *", "    ^^", "day of month: 'LW' is not known", "L alone is the month's last day"),
        Wrong("0 6 L-3 * *", "    ^^^", "day of month: 'L-3' is not known", "L alone is the month's last day"),
        Wrong("0 6 L/2 * *", "    ^", "day of month: 'L' is not known", "L alone is the month's last day"),
        Wrong(
            "0 6 15W * *", "    ^^^", "day of month: '15W' is not a number in 1-31",
            "the nearest weekday (W) is not supported"),
        Wrong(
            "0 6 * * L", "        ^", "day of week: L needs a weekday",
            "5L is the month's last Friday, SAT every Saturday"),
        Wrong("0 6 * * 5#6", "          ^", "day of week: '6' after # is not in 1-5", "5#2 is the second Friday"),
        Wrong("0 6 * * 5#", "        ^^", "day of week: '' after # is not in 1-5", "5#2 is the second Friday"),
        Wrong("0 6 * * 9#1", "        ^", "day of week: 9 is not in 0-7", "0 and 7 are Sunday, 6 is Saturday"),
        Wrong("0 6 * * 5#2/2", "        ^^^", "day of week: '5#2' is one day of the month and takes no step"),
        Wrong("L 6 * * *", "^", "minute: 'L' is not a number in 0-59"),
        Wrong("5#2 6 * * *", "^^^", "minute: '5#2' is not a number in 0-59"),
        Wrong("H(0-60) 6 * * *", "    ^^", "minute: 60 is not in 0-59", "the full hour is 0"),
        Wrong("H(30) 6 * * *", "^^^^^", "minute: 'H(30)' is not known", "H, H(0-59) or H/5"),
        Wrong("H( 6 * * *", "^^", "minute: 'H(' is not known", "H, H(0-59) or H/5"),
        Wrong("0 6 H5 * *", "    ^^", "day of month: 'H5' is not known", "H, H(1-28) or H/5"),
        Wrong("H(9-3) 6 * * *", "  ^^^", "minute: the range '9-3' runs backwards", "write 9-59,0-3"),
        Wrong("99999999999999999999 6 * * *", "^^^^^^^^^^^^^^^^^^^^", "minute: 99999999999999999999 is not in 0-59"),
        Wrong("٣ 6 * * *", "^^", "minute: '٣' is not a number in 0-59"),
        Wrong("", "", "a cron expression is empty", "such as '0 6 * * MON-FRI'"),
        Wrong("  ", "^^", "a cron expression is empty", "such as '0 6 * * MON-FRI'"),
        Wrong(
            " 0 6 * *", " ^^^^^^^", "a cron expression has 5 fields, or 6 with seconds first, not 4",
            "fields are minute, hour, day of month, month, day of week; with six, seconds come first"),
        Wrong(
            "0 0 6 * * * 2026", "            ^^^^", "a cron expression has 5 fields, or 6 with seconds first, not 7",
            "a field for years is not supported"),
        Wrong(
            "@reboot", "^^^^^^^",
            "@reboot names no time: a schedule is the same whenever a machine or a daemon starts",
            "give the times at which the job is to run"),
        Wrong("@every 5m", "^^^^^^^^^", "@every is not a cron expression", "write 'every: 15m' instead of cron"),
        Wrong("@dayly", "^^^^^^", "'@dayly' is not known", "did you mean '@daily'?"),
        Wrong(
            "TZ=UTC 0 6 * * *", "^^^^^^", "a cron expression has no settings such as 'TZ=UTC'",
            "write timeZone beside cron"),
    ])
    func errors(_ item: Wrong) throws {
        let error = #expect(throws: CronError.self) { try parse(item.text) }
        let found = try #require(error)
        #expect(found.message == item.message)
        #expect(found.hint == item.hint)
        let carets =
            String(repeating: " ", count: found.range.lowerBound) + String(repeating: "^", count: found.range.count)
        #expect(carets == item.carets)
    }

    @Test func garbageIsAnErrorInsideTheText() throws {
        var random = SeededGenerator(seed: 7)
        let alphabet = Array("0123456789*/-,?#LHW()@ JANMONé\u{0}\u{1F600}")
        var parsed = 0
        for _ in 0..<3000 {
            let text = String(
                (0..<Int.random(in: 0...14, using: &random)).map { _ in
                    alphabet[Int.random(in: 0..<alphabet.count, using: &random)]
                })
            do throws(CronError) {
                _ = try CronExpression("* * * * " + text, seed: "")
                parsed += 1
            } catch {
                #expect(error.range.lowerBound >= 0 && error.range.upperBound <= 8 + text.utf8.count)
                #expect(!error.message.isEmpty)
            }
        }
        #expect(parsed > 10)
    }
}
