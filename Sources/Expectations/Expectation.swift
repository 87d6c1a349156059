package import JobModel
package import Templating

/// One thing that is asked of an invocation.
package struct Expectation: Sendable {
    package enum Check: Sendable {
        /// One of these.
        case status([StatusPattern])
        /// At most; of the last attempt.
        case latency(Duration)
        /// One of these.
        case outcome([Outcome])
        /// The path begins with an ``ObservedRoot``.
        case value(TemplatePath, Matcher)
    }

    package var check: Check
    /// As people read it, such as `response.id equals "{{ row.id }}"`.
    package var text: String
    /// Where it stands in the job file.
    package var location: SourceLocation

    package init(_ check: Check, text: String, location: SourceLocation) {
        self.check = check
        self.text = text
        self.location = location
    }

    /// What the invocation is looked at for.
    package var root: ObservedRoot {
        switch check {
        case .status: .status
        case .latency: .latencyMs
        case .outcome: .outcome
        case .value(let path, _):
            if case .key(let name)? = path.steps.first { ObservedRoot(rawValue: name) ?? .response } else { .response }
        }
    }

    /// The value of the file that its matcher compares with, if that differs by row.
    var template: PayloadTemplate? {
        if case .value(_, .compare(_, .template(let template))) = check { template } else { nil }
    }
}
