import Testing

@Suite("The audit of result files")
struct ResultAuditTests {
    private static let run = #"{"type":"run","runId":"a"}"#
    private static let window = #"{"type":"window","runId":"a","upTo":2}"#
    private static let first = #"{"type":"invocation","index":0,"outcome":"succeeded","status":200,"attempts":1}"#
    private static let second = #"{"type":"invocation","index":1,"outcome":"failed","status":901,"attempts":1}"#
    private static let summary =
        #"{"type":"summary","complete":true,"rows":2,"succeeded":1,"failed":1,"unknown":0,"cancelled":0}"#
    private static let report = #"{"total":{"rows":2,"succeeded":1,"failed":1,"unknown":0,"cancelled":0}}"#
    private static let whole = [run, window, first, second, summary].map { $0 + "\n" }.joined()

    struct Fault: Sendable, CustomTestStringConvertible {
        var text: String
        var report = ResultAuditTests.report
        var expected = [0, 1]
        var problem: String
        var testDescription: String { problem }
    }

    private static let doctored = [
        Fault(text: whole + "{\"type\"", problem: "torn line"),
        Fault(text: run + "\n\n" + window + "\n" + first + "\n", problem: "is not JSON"),
        Fault(text: whole.replacing(window + "\n", with: ""), problem: "was not announced"),
        Fault(text: whole.replacing(first, with: first + "\n" + first), problem: "succeeded more than once"),
        Fault(text: whole.replacing(second + "\n", with: ""), problem: "rows without a record: [1]"),
        Fault(text: whole, expected: [0], problem: "rows that do not exist: [1]"),
        Fault(text: whole.replacing(summary + "\n", with: ""), problem: "there is no summary"),
        Fault(text: whole.replacing(#":true"#, with: ":false"), problem: "does not say that it is complete"),
        Fault(
            text: whole.replacing(#""succeeded":1"#, with: #""succeeded":2"#), problem: "the summary says succeeded 2"),
        Fault(text: whole, report: #"{"total":{"rows":3}}"#, problem: "the report says rows 3"),
        Fault(text: whole, report: "", problem: "there is no report"),
        Fault(text: whole + whole.replacing(window, with: "{}"), problem: "is of type '?'"),
        Fault(text: first + "\n" + whole, problem: "the first record is 'invocation'"),
    ]

    @Test("It finds nothing in a file that is as it must be")
    func clean() {
        let audit = ResultAudit(Array(Self.whole.utf8))
        #expect(audit.problemsAtEnd(expected: [0, 1], report: Self.report) == [])
        #expect(audit.announced == 2 && audit.widestWindow == 2)
        #expect(audit.rows[1] == ResultAudit.Row(outcome: "failed", records: 1, succeeded: 0, answered: 1))
    }

    @Test("It finds what is wrong", arguments: doctored)
    func faults(fault: Fault) {
        let problems = ResultAudit(Array(fault.text.utf8))
            .problemsAtEnd(expected: fault.expected, report: fault.report)
        #expect(problems.contains { $0.contains(fault.problem) }, "\(problems)")
    }
}
