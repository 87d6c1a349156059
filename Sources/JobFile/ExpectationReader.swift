import Expectations
import JSONText
import JobModel
import Templating
import YAMLText

/// Reads what smoke tests expect of a job's invocations, and by which tags they choose jobs.
struct ExpectationReader {
    let templates: TemplateReader

    static let keys = ["expect", "tags"]

    private static let example =
        "write - status: 200, - path: response.id with a matcher, - latency: 1s, or - outcome: failed"
    private static let longestText = 80

    /// What is cancelled was never sent: there is nothing to expect of it.
    private enum ExpectedOutcome: String, CaseIterable {
        case succeeded, failed, unknown
    }

    /// Nil without `expect`, or if something in it is wrong, and reported.
    func expectations(_ reader: YAMLMappingReader) -> ExpectationSet? {
        guard let field = reader.field("expect") else { return nil }
        guard let items = field.elements(of: "a list of expectations") else { return nil }
        guard !items.isEmpty else {
            return field.refuse("there is nothing in the list", hint: "\(Self.example), or leave 'expect' out")
        }
        let problems = field.sink.errorCount
        let expectations = items.flatMap(item)
        guard field.sink.errorCount == problems else { return nil }
        warn(of: expectations, field)
        return ExpectationSet(expectations, location: field.keyLocation)
    }

    func tags(_ reader: YAMLMappingReader) -> [String] {
        guard let field = reader.field("tags") else { return [] }
        let fields = field.node.scalar != nil && !field.isNull ? [field] : field.elements(of: "a list of names") ?? []
        var tags: [String] = []
        for field in fields {
            guard let tag = field.text() else { continue }
            guard JobName.isValid(tag) else {
                let _: Int? = field.mismatch(
                    "a name", code: .badName, hint: JobName.rule)
                continue
            }
            if !tags.contains(tag) { tags.append(tag) }
        }
        return tags
    }

    /// What one item of the list asks for: more than one thing if it has several matchers.
    private func item(_ field: YAMLField) -> [Expectation] {
        guard field.node.mapping != nil, let reader = field.mapping() else {
            let _: Int? = field.mismatch("a mapping", hint: Self.example)
            return []
        }
        var expectations: [Expectation?] = []
        if let status = reader.field("status") { expectations.append(self.status(status)) }
        let path = reader.field("path")
        let matchers = Matcher.names.compactMap { reader.field($0) }
        if let path {
            let parsed = self.path(path)
            if matchers.isEmpty {
                let _: Int? = path.refuse(
                    "says where to look and not what for",
                    hint: "add a matcher: \(Matcher.names.joined(separator: ", "))")
            }
            for matcher in matchers {
                let checked = self.matcher(matcher)
                expectations.append(parsed.flatMap { path in checked.map { expectation(path, $0, of: matcher) } })
            }
        } else if let first = matchers.first {
            field.sink.error(
                .missingKey, "\(reader.path) has '\(first.name)' and no 'path'",
                hint: "say what to look at: path: response", at: first.keyLocation)
        }
        if let latency = reader.field("latency") { expectations.append(self.latency(latency)) }
        if let outcome = reader.field("outcome") { expectations.append(self.outcome(outcome)) }
        if expectations.isEmpty, path == nil, matchers.isEmpty, reader.count == 0 {
            field.sink.error(.missingKey, "\(reader.path) checks nothing", hint: Self.example, at: reader.location)
        }
        reader.finish()
        return expectations.compactMap(\.self)
    }

    private func status(_ field: YAMLField) -> Expectation? {
        oneOrMore(field) { field -> StatusPattern? in
            guard let text = field.text() else { return nil }
            return StatusPattern(text)
                ?? field.mismatch("a status such as 200, or a class such as 2xx", code: .badValue)
        }.map { expectation(.status($0), $0.map(\.description), of: field) }
    }

    private func latency(_ field: YAMLField) -> Expectation? {
        guard let limit = field.duration(atLeast: .milliseconds(1)) else { return nil }
        return Expectation(.latency(limit), text: "latency: \(limit.durationText)", location: field.keyLocation)
    }

    private func outcome(_ field: YAMLField) -> Expectation? {
        oneOrMore(field) { field in
            field.choice(ExpectedOutcome.self).flatMap { Outcome(rawValue: $0.rawValue) }
        }.map { expectation(.outcome($0), $0.map(\.rawValue), of: field) }
    }

    /// One value or a list of some; nil if one is wrong, and reported.
    private func oneOrMore<Value>(_ field: YAMLField, _ read: (YAMLField) -> Value?) -> [Value]? {
        guard field.node.sequence != nil else { return read(field).map { [$0] } }
        guard let fields = field.elements() else { return nil }
        guard !fields.isEmpty else { return field.refuse("there is nothing in the list") }
        let values = fields.compactMap(read)
        return values.count == fields.count ? values : nil
    }

    private func expectation(_ check: Expectation.Check, _ words: [String], of field: YAMLField) -> Expectation {
        let shown = words.count == 1 ? words[0] : "[\(words.joined(separator: ", "))]"
        return Expectation(check, text: "\(field.name): \(shown)", location: field.keyLocation)
    }

    /// An expectation of the error of what is meant to succeed can never be met.
    private func warn(of expectations: [Expectation], _ field: YAMLField) {
        guard !expectations.contains(where: { $0.root == .status || $0.root == .outcome }) else { return }
        for expectation in expectations where expectation.root == .error {
            if case .value(_, .exists(false)) = expectation.check { continue }
            field.sink.warning(
                .noEffect, "there is no error unless the invocation fails, and 'outcome: succeeded' is implied",
                hint: "add - outcome: failed", at: expectation.location)
        }
    }

    private func expectation(_ path: TemplatePath, _ matcher: Matcher, of field: YAMLField) -> Expectation {
        let value = JSONConversion(sink: field.sink).value(field.node).description
        let short = value.count > Self.longestText ? value.prefix(Self.longestText) + "…" : value
        let shown = field.node.scalar.flatMap { $0.isSubstituted ? $0.raw : nil } ?? short
        return Expectation(
            .value(path, matcher), text: "\(path) \(field.name) \(shown)", location: field.keyLocation)
    }
}
