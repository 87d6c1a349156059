import JobModel
import Testing

@Suite struct NameSuggestionTests {
    @Test(
        arguments: [
            ("concurency", "concurrency"), ("Concurrency", "concurrency"), ("timeuot", "timeout"), ("rte", "rate"),
            ("x", nil), ("", nil), ("completely-else", nil), ("tolerance", "tolerate"),
        ] as [(String, String?)])
    func findsTheClosest(name: String, expected: String?) {
        let names = ["concurrency", "timeout", "rate", "tolerate", "retry"]
        #expect(NameSuggestion.closest(to: name, in: names) == expected)
    }

    @Test func hintsListTheRest() {
        #expect(NameSuggestion.hint(for: "zzz", in: ["a", "b"], listing: "names") == "names: a, b")
        #expect(NameSuggestion.hint(for: "zzz", in: [], listing: "names") == "")
        #expect(NameSuggestion.hint(for: "ab", in: ["ba"], listing: "names") == "did you mean 'ba'?")
    }
}
