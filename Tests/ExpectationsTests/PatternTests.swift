import Expectations
import Testing

@Suite struct PatternTests {
    @Test(arguments: [
        ("ell", "hello", Pattern.Match.found), ("^ell", "hello", .absent), ("", "", .found), ("^$", "", .found),
        ("a", "", .absent), (#"^\d+$"#, "42", .found), (#"^\d+$"#, "４２", .found), (#"^\w+$"#, "Žižka", .found),
        ("(?i)HELLO", "hello", .found), ("^.$", "é", .found), (#"(\w)\1"#, "hello", .found),
        ("(a)(b)(c)", "abc", .found),
        ("(?<=h)e", "hello", .found), ("a.c", "a\nc", .absent), ("(?s)a.c", "a\nc", .found),
    ])
    func matches(pattern: String, text: String, match: Pattern.Match) throws {
        #expect(try Pattern(pattern).match(text) == match)
    }

    @Test(arguments: [("(", 1), ("a(b", 3), ("[z-a]", 3), ("*", 0), (#"a\"#, 2), ("é(", 3), ("(?<n>a)(?<n>b)", 12)])
    func tellsWhereAMistakeIs(pattern: String, offset: Int) throws {
        let problem = try #require(throws: Pattern.Problem.self) { try Pattern(pattern) }
        #expect(problem.offset == offset)
        #expect(!problem.message.isEmpty)
    }

    /// Each would take hours or more. Without a limit on what is passed over between two tries, the last ones would.
    @Test(arguments: [
        "(a+)+$", "(a|aa)+$", "(a|a?)+$", "(.*)*[xy]", "(a*)*[bc]", "(?:.*){25}[xy]", "[ab]*[yz]", "(?:a++|b)*[cd]",
    ])
    func givesUpOnWhatNeverEnds(pattern: String) throws {
        let text = String(repeating: "a", count: 1_000_000) + "!"
        #expect(try Pattern(pattern).match(text) == .undecided)
    }

    @Test func looksThroughLongTexts() throws {
        let text = String(repeating: "a", count: 5_000_000) + "b"
        #expect(try Pattern("b$").match(text) == .found)
        #expect(try Pattern("^a*b$").match(text) == .found)
        #expect(try Pattern("c").match(text) == .absent)
    }
}
