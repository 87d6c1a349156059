import Expectations
import JSONText
import JobModel

extension SmokeReport {
    /// The report in the Test Anything Protocol, version 14, with diagnostics in YAML.
    package func tap() -> [UInt8] {
        let points = suites.flatMap(SmokePoint.points)
        var text = "TAP version 14\n1..\(points.count)\n"
        for (number, point) in points.enumerated() {
            let name = point.name == point.suite.job ? point.name : "\(point.suite.job): \(point.name)"
            let title = "\(number + 1) - \(TAPText.escaped(name))"
            switch point.kind {
            case .skipped: text += "ok \(title) # SKIP \(SmokePoint.notRun)\n"
            case .broken(let problem):
                text += "not ok \(title)\n"
                text += TAPText.block([
                    ("message", .string(problem)), ("severity", "error"),
                    ("at", TAPText.place(point.suite.file, point.suite.line)),
                ])
            case .judged(let one):
                switch one.verdict {
                case .skipped: text += "ok \(title) # SKIP \(SmokePoint.notRun)\n"
                case .passed:
                    text += "ok \(title)\n" + TAPText.block([("duration_ms", TAPText.milliseconds(one.duration))])
                case .flaky: text += "ok \(title)\n" + TAPText.block(one, point.suite)
                case .failed, .error: text += "not ok \(title)\n" + TAPText.block(one, point.suite)
                }
            }
        }
        return Array(text.utf8)
    }
}

private enum TAPText {
    /// A description: the characters that begin a directive are escaped, line ends are none.
    static func escaped(_ text: String) -> String {
        TextFit.printable(text).replacing("\\", with: "\\\\").replacing("#", with: "\\#")
    }

    /// A diagnostic block. Its values are JSON, which is YAML too.
    static func block(_ members: [(key: String, value: JSONValue)]) -> String {
        "  ---\n" + members.map { "  \($0.key): \(JSONWriter.text(of: $0.value))\n" }.joined() + "  ...\n"
    }

    static func block(_ one: SmokeCase, _ suite: SmokeSuite) -> String {
        guard let trouble = one.troubles.last else { return "" }
        var members: [(key: String, value: JSONValue)] = [
            ("message", .string(trouble.headline)),
            ("severity", .string(one.verdict == .flaky ? "flaky" : one.verdict == .error ? "error" : "fail")),
            ("at", place(suite.file, trouble.failures.first?.location.line ?? suite.line)),
            ("duration_ms", milliseconds(one.duration)), ("tries", .number(JSONNumber(one.tries))),
        ]
        members += trouble.members.filter { $0.key != "durationMs" }
        return block(members)
    }

    static func place(_ file: String, _ line: Int) -> JSONValue {
        .object(["file": .string(file), "line": .number(JSONNumber(line))])
    }

    static func milliseconds(_ duration: Duration) -> JSONValue {
        JSONNumber(duration.milliseconds).map { .number($0) } ?? .null
    }
}
