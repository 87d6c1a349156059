import HTTPEngine
import JobModel
import Testing

@testable import RunnerKit

@Suite struct DiagnosisStepTests {
    @Test func linesBreakAtBlanks() {
        let step = DiagnosisStep.failed(
            "token", .refused, "one two three", details: ["a detail of words", "https://a.example/long"],
            cause: "some cause of it", cure: "none")
        #expect(
            step.text(width: 20) == """
                ✗ token: one two
                    three
                    a detail of
                      words
                    https://a.example/long
                    cause: some
                           cause of
                           it
                    cure:  none
                """)
        #expect(DiagnosisStep.good("clock", "agrees").text(width: .max) == "✓ clock: agrees")
    }

    private static let now = Timestamp(seconds: 1_800_000_000)

    private static func connection(expiresIn days: Int64?) -> DiagnosisStep {
        let report = ConnectionProbe.Report(
            address: "203.0.113.7", resolved: .microseconds(300), connected: .milliseconds(21),
            secured: .milliseconds(45),
            certificate: ConnectionProbe.Certificate(
                subject: "C = US, O = Example, CN = *.example.com", issuer: "O = Example CA",
                expires: days.map { Timestamp(seconds: now.seconds + $0 * 86_400) }))
        return .connection(to: "https://a.example.com", role: "gateway", report: report, proxy: "https_proxy", now: now)
    }

    @Test(
        arguments: [
            (90, DiagnosisStep.Mark.good), (14, .good), (13, .warning), (nil, .good),
        ] as [(Int64?, DiagnosisStep.Mark)])
    func certificatesThatEndSoonAreAWarning(days: Int64?, mark: DiagnosisStep.Mark) {
        let step = Self.connection(expiresIn: days)
        #expect(step.mark == mark && step.status == .success)
        #expect(step.details[0] == "203.0.113.7, name <1ms, connection 20ms, TLS 24ms")
        #expect(step.details[1] == "certificate of *.example.com, by O = Example CA")
        #expect(step.details.last == "the environment names a proxy: https_proxy")
        if let days { #expect(step.details[2].hasSuffix("(\(days) days)")) }
    }

    @Test(arguments: [Duration.seconds(5), .seconds(-5), .zero])
    func clocksThatAgree(ahead: Duration) {
        #expect(DiagnosisStep.clock(ahead: ahead).mark == .good)
    }

    @Test(arguments: [
        (Duration.seconds(6), "this clock is 6s ahead of the servers'"),
        (.seconds(-7200), "this clock is 2h behind the servers'"), (nil, "cannot be told: no answer had a Date"),
    ])
    func clocksThatDoNot(ahead: Duration?, words: String) {
        let step = DiagnosisStep.clock(ahead: ahead)
        #expect(step.mark == .warning && step.summary == words)
    }
}
