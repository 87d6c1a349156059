import Expectations
import JSONText
import JobModel
import Templating
import TestSupport

/// Swift Testing has a type of that name, too.
typealias Expectation = Expectations.Expectation

/// Shortcuts around expectations of one invocation.
enum Fixture {
    static let location = JobModel.SourceLocation(line: 9, column: 7)

    static func result(
        _ body: String = #"{"id":7,"name":"Ada","tags":["a","b"]}"#, outcome: Outcome = .succeeded, status: Int? = 200,
        latency: Duration? = .microseconds(12_345), error: InvocationError? = nil,
        headers: [(name: String, value: String)] = []
    ) -> InvocationResult {
        InvocationResult(
            row: PreparedRow(index: 0, key: nil, content: .rejected(InvocationError(.input, message: ""))),
            outcome: outcome, status: status, attempts: 2, startedAt: Timestamp(seconds: 0), latency: latency,
            answer: status.map { Answer(status: $0, body: Array(body.utf8), error: error, headers: headers) },
            error: error)
    }

    static func value(_ path: String, _ matcher: Matcher, _ text: String = "an expectation") throws -> Expectation {
        Expectation(.value(try TemplatePath(parsing: path), matcher), text: text, location: location)
    }

    static func failures(
        _ expectations: [Expectation], of result: InvocationResult = result(), row: String = "{}",
        redact: @escaping (String) -> String = { $0 }
    ) throws -> [ExpectationFailure] {
        let set = ExpectationSet(expectations, location: location)
        var context = RenderContext(
            row: try JSONParser.parse(row), jobName: "j", runID: "r", nominalTime: Timestamp(seconds: 0),
            startedAt: Timestamp(seconds: 0), now: Timestamp(seconds: 0), zones: NoZones(),
            random: SeededGenerator(seed: 1))
        return set.failures(of: Observation(result), rendered: set.render(context: &context), redact: redact)
    }

    struct NoZones: TimeZoneProvider {
        func offset(inZone name: String, at time: Timestamp) -> (secondsEast: Int, abbreviation: String)? { nil }
    }
}
