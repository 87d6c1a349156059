import Expectations
import JobModel
import Results

/// A report in which everything occurs, with texts that no format takes as they are.
enum SmokeSamples {
    static let nasty = "a<b>&\"c\" | ]]> % : , # \\ \u{1B}[31m\u{0}\u{FFFE} é 🎉"

    private static func failure(_ actual: String, line: Int) -> ExpectationFailure {
        ExpectationFailure(
            expectation: "response.id equals \"{{ row.id }}\"", path: "response.id", expected: "\"7\"", actual: actual,
            differences: ["response.id: is \(actual), expected \"7\""],
            location: JobModel.SourceLocation(line: line, column: 9))
    }

    private static func trouble(_ actual: String, line: Int = 12) -> SmokeTrouble {
        SmokeTrouble(
            failures: [failure(actual, line: line)], requestID: "9e2d80e6-0b15-4019-926d-4406ff8152ff", status: 200,
            outcome: .succeeded, attempts: 2, duration: .milliseconds(1500))
    }

    private static let unsent = SmokeTrouble(
        reason: "row.id is missing", outcome: .failed, errorClass: .template)

    static let cases: [SmokeCase] = [
        SmokeCase(index: 0, key: "Ada", verdict: .passed, duration: .microseconds(12_345)),
        SmokeCase(index: 1, key: "Ada", verdict: .failed, duration: .milliseconds(1500), troubles: [trouble(nasty)]),
        SmokeCase(
            index: 2, key: nasty, verdict: .flaky, duration: .milliseconds(7), troubles: [trouble("8"), trouble("9")]),
        SmokeCase(index: 3, key: nil, verdict: .error, duration: .zero, troubles: [unsent]),
        SmokeCase(
            index: 4, key: nil, verdict: .failed, duration: .milliseconds(3), troubles: [trouble("8"), trouble("8")]),
        SmokeCase(index: 5, key: nil, verdict: .skipped, duration: .zero),
    ]

    static func suite(_ file: String, _ job: String, _ cases: [SmokeCase] = []) -> SmokeSuite {
        SmokeSuite(
            file: file, job: job, line: 5, cases: cases, runID: "run", results: "results/\(job).jsonl",
            startedAt: Timestamp(seconds: 1_795_310_100), duration: .milliseconds(1600))
    }

    static var report: SmokeReport {
        var broken = suite("tests/b,c:d.yaml", "broken")
        broken.problem = "credentials rejected"
        var skipped = suite("tests/b,c:d.yaml", "later")
        skipped.isSkipped = true
        let one = SmokeCase(index: 0, key: nil, verdict: .passed, duration: .seconds(75))
        return SmokeReport(
            version: "1.2.3", startedAt: Timestamp(seconds: 1_795_310_100), duration: .milliseconds(3200),
            suites: [suite("tests/a.yaml", "greet", cases), suite("tests/a.yaml", "alone", [one]), broken, skipped])
    }
}
