import JobFile
import Testing

@Suite struct JobHashTests {
    private static let settings = """
        input: { file: a.csv, key: "{{ row.id }}{{ vars.k }}" }
        payload: { a: "{{ row.a }}{{ vars.p }}" }
        headers: { H: x }
        userId: u
        """
    private static let vars = "vars: { k: 1, p: 2, unused: 3 }\n"

    private static func hash(_ settings: String, _ extra: String = vars, set: [String: String] = [:]) -> String {
        let result = load(file(job: settings, extra: extra), set: set)
        #expect(result.document != nil, "\(rendered(result))")
        return result.document?.jobs.first?.hash ?? ""
    }

    @Test(arguments: [
        "concurrency: 99", "rate: 1/s", "retry: { maxAttempts: 9 }", "tolerate: 5%", "timeout: 1s", "description: x",
        "output: x", "record: { request: true }", "deadline: 1h", "idempotent: true", "mutex: m", "ping: https://h",
        "schedule: { every: 1h }", "schedule: { every: 2h }\ncatchup: none\noverlap: Allow\nsuspend: true",
        "onFailure: { webhook: https://h }", "tags: [fast]",
        "expect: [{ path: response.a, equals: \"{{ row.a }}{{ vars.unused }}\" }]",
    ])
    func ignoresHowAJobRuns(setting: String) {
        #expect(Self.hash(Self.settings + "\n" + setting) == Self.hash(Self.settings))
    }

    @Test(arguments: [
        ("a.csv", "b.csv", false), ("unused: 3", "unused: 4", false),
        ("file: a.csv", "file: a.csv, header: false", true),
        ("file: a.csv", "file: a.csv, format: csv", false), ("file: a.csv", "file: a.csv, format: tsv", true),
        ("file: a.csv", "file: a.csv, delimiter: \";\"", true),
        ("row.id", "row.ID", true), ("row.a", "row.A", true), ("{ H: x }", "{ H: y }", true),
        ("{ H: x }", "{ h: x }", true), ("userId: u", "userId: v", true), ("k: 1", "k: 2", true),
        ("p: 2", "p: 3", true),
        ("p: 2", "p: \"2\"", true), ("{ a: ", "{ b: ", true), (someUUID, "c521cadf-d444-4519-ad11-1c1111114415", true),
        ("jobs:\n  a:", "jobs:\n  renamed:", false),
    ])
    func coversWhatDecidesTheMeaningOfRows(old: String, new: String, changes: Bool) {
        let text = file(job: Self.settings, extra: Self.vars)
        let parts = text.split(separator: old, maxSplits: 1, omittingEmptySubsequences: false)
        #expect(parts.count == 2)
        let changed = load(parts.joined(separator: new))
        #expect(changed.document != nil, "\(rendered(changed))")
        #expect((changed.document?.jobs.first?.hash != Self.hash(Self.settings)) == changes)
    }

    @Test func coversVariablesOfTheCommandLine() {
        #expect(Self.hash(Self.settings, set: ["p": "9"]) != Self.hash(Self.settings))
        #expect(Self.hash(Self.settings, set: ["unused": "9"]) == Self.hash(Self.settings))
        #expect(Self.hash("payload: \"{{ vars }}\"", set: ["unused": "9"]) != Self.hash("payload: \"{{ vars }}\""))
    }

    @Test func isStable() {
        // A change of this value means that no run of an older version can be resumed.
        #expect(Self.hash("") == Self.hash("payload: \"{{ row }}\""))
        #expect(Self.hash("").utf8.count == 64)
    }
}
