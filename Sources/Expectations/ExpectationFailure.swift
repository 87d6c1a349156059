package import JobModel

/// In what an invocation is not as expected. All texts are for people: cut to a bearable length, without secrets.
package struct ExpectationFailure: Sendable, Hashable {
    /// The expectation as the file has it.
    package var expectation: String
    /// What was looked at, such as `response.greeting`.
    package var path: String
    package var expected: String
    package var actual: String
    /// Where the two differ, one line each; empty if that is plain to see.
    package var differences: [String]
    /// Of the expectation in the job file.
    package var location: SourceLocation

    package init(
        expectation: String, path: String, expected: String, actual: String, differences: [String] = [],
        location: SourceLocation
    ) {
        self.expectation = expectation
        self.path = path
        self.expected = expected
        self.actual = actual
        self.differences = differences
        self.location = location
    }

    /// Takes secrets out of what the file has; values are without them already.
    mutating func redact(_ redact: (String) -> String) {
        expectation = redact(expectation)
        path = redact(path)
        expected = redact(expected)
    }
}
