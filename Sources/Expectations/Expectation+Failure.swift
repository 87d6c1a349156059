import JSONText
import JobModel
import Templating

extension Expectation {
    /// What is not as expected; nil if it is.
    ///
    /// - Parameters:
    ///   - document: the observation as one value.
    ///   - rendered: the expected value, if it differs by row.
    func failure(
        of observation: Observation, _ document: JSONValue, rendered: RenderedValue?, _ show: ValueText
    ) -> ExpectationFailure? {
        switch check {
        case .status(let patterns):
            if let status = observation.status, patterns.contains(where: { $0.matches(status) }) { return nil }
            return failure(
                root.rawValue, expected: Self.alternatives(patterns.map(\.description)),
                actual: observation.status.map(String.init) ?? Self.noAnswer(document, show))
        case .latency(let limit):
            if let latency = observation.latency, latency <= limit { return nil }
            return failure(
                "latency", expected: "at most \(limit.durationText)",
                actual: observation.latency.map { "\(JSONNumber($0.milliseconds)?.text ?? "?") ms" } ?? "not sent")
        case .outcome(let outcomes):
            guard !outcomes.contains(observation.outcome) else { return nil }
            return failure(
                root.rawValue, expected: Self.alternatives(outcomes.map(\.rawValue)),
                actual: observation.outcome.rawValue + Self.reason(document, show))
        case .value(let path, let matcher):
            return failure(of: path, matcher, document, rendered, show)
        }
    }

    private func failure(
        of path: TemplatePath, _ matcher: Matcher, _ document: JSONValue, _ rendered: RenderedValue?, _ show: ValueText
    ) -> ExpectationFailure? {
        let actual = path.value(in: document)
        let shown = actual.map { show($0) } ?? "missing" + MissingValue.explanation(of: path, in: document, show)
        let place = path.description
        switch matcher {
        case .exists(let exists):
            guard (actual != nil) != exists else { return nil }
            return failure(place, expected: exists ? "is there" : "is not there", actual: shown)
        case .type(let type):
            if let actual, type.includes(actual) { return nil }
            return failure(
                place, expected: "type \(type.rawValue)", actual: actual.map { "\($0.kindWords): \(shown)" } ?? shown)
        case .matches(let pattern):
            let expected = "matches \(pattern.text)"
            guard case .string(let text)? = actual else { return failure(place, expected: expected, actual: shown) }
            switch pattern.match(text) {
            case .found: return nil
            case .absent: return failure(place, expected: expected, actual: shown)
            case .undecided:
                return failure(
                    place, expected: expected, actual: shown,
                    differences: ["the pattern takes too long on this text; write one that tries fewer ways"])
            }
        case .compare(let comparison, let value):
            let expected: JSONValue
            switch (value, rendered) {
            case (.constant(let constant), _): expected = constant
            case (.template, .success(let value)?): expected = value
            case (.template, .failure(let error)?):
                return failure(
                    place, expected: "cannot be rendered: \(show.cut(error.message))", actual: shown)
            case (.template, nil): return failure(place, expected: "was not rendered", actual: shown)
            }
            // Answers come without secrets.
            return failure(of: path, comparison, actual, show.redacted(expected) ?? expected, shown, show)
        }
    }

    private func failure(
        of path: TemplatePath, _ comparison: Matcher.Comparison, _ actual: JSONValue?, _ expected: JSONValue,
        _ shown: String, _ show: ValueText
    ) -> ExpectationFailure? {
        var differences: [String] = []
        var shown = shown
        if let actual {
            let holds = comparison.holds(actual, expected)
            if holds == true { return nil }
            if holds == nil { differences = ["\(comparison.rawValue) compares \(comparison.comparable)"] }
            if comparison == .equals { differences = Differences(show).lines(expected, actual, at: path) }
            if comparison == .size, let size = actual.size { shown = "size \(size): \(shown)" }
        }
        return failure(
            path.description, expected: comparison.words + show(expected), actual: shown, differences: differences)
    }

    private func failure(
        _ path: String, expected: String, actual: String, differences: [String] = []
    ) -> ExpectationFailure {
        ExpectationFailure(
            expectation: text, path: path, expected: expected, actual: actual, differences: differences,
            location: location)
    }

    private static func alternatives(_ words: [String]) -> String {
        words.count == 1 ? words[0] : "one of \(words.joined(separator: ", "))"
    }

    private static func noAnswer(_ document: JSONValue, _ show: ValueText) -> String {
        "no answer" + reason(document, show)
    }

    /// Why an invocation did not succeed, in brackets.
    private static func reason(_ document: JSONValue, _ show: ValueText) -> String {
        guard let error = document[ObservedRoot.error.rawValue], let message = error["message"]?.stringValue else {
            return ""
        }
        let code = error["code"]?.stringValue.map { " [\($0)]" } ?? ""
        return " (\(error["class"]?.stringValue ?? "error"): \(show.cut(message + code, to: 300)))"
    }
}

extension Matcher.Comparison {
    /// What stands before the expected value, with a blank behind it.
    fileprivate var words: String {
        switch self {
        case .equals: ""
        case .notEquals: "not "
        case .contains: "contains "
        case .startsWith: "starts with "
        case .oneOf: "one of "
        case .greaterThan: "more than "
        case .lessThan: "less than "
        case .size: "size "
        }
    }
}
