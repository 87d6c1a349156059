import JobModel

extension SmokeReport {
    /// The report as JUnit XML: one suite per job file, one test case per case, jobs as classes.
    ///
    /// In the strictest of the dialects, that of Jenkins' xUnit plugin, which others take too; `schema/junit.xsd`
    /// describes it. Repeats are told as by Maven's Surefire.
    package func junit() -> [UInt8] {
        let all = files.map { ($0.file, $0.suites.flatMap(SmokePoint.points), $0.suites) }
        var xml = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        let totals = JUnitCounts(all.flatMap(\.1))
        xml += "<testsuites name=\"fnrun smoke\" tests=\"\(totals.tests)\" failures=\"\(totals.failures)\""
        xml += " errors=\"\(totals.errors)\" time=\"\(JUnitText.seconds(duration))\">\n"
        for (file, points, suites) in all {
            let counts = JUnitCounts(points)
            let time = suites.reduce(Duration.zero) { $0 + $1.duration }
            let started = suites.first?.startedAt ?? startedAt
            xml += "  <testsuite name=\"\(XMLText.escaped(file))\" file=\"\(XMLText.escaped(file))\""
            xml += " tests=\"\(counts.tests)\" failures=\"\(counts.failures)\" errors=\"\(counts.errors)\""
            xml += " skipped=\"\(counts.skipped)\" time=\"\(JUnitText.seconds(time))\""
            xml += " timestamp=\"\(started.rfc3339(fractionDigits: 0).dropLast())\">\n"
            for point in points { xml += JUnitText.testCase(point) }
            xml += "  </testsuite>\n"
        }
        return Array((xml + "</testsuites>\n").utf8)
    }
}

/// The numbers that a suite begins with.
private struct JUnitCounts {
    var tests = 0
    var failures = 0
    var errors = 0
    var skipped = 0

    init(_ points: [SmokePoint]) {
        tests = points.count
        for point in points {
            switch point.kind {
            case .broken: errors += 1
            case .skipped: skipped += 1
            case .judged(let one):
                switch one.verdict {
                case .passed, .flaky: break
                case .failed: failures += 1
                case .error: errors += 1
                case .skipped: skipped += 1
                }
            }
        }
    }
}

private enum JUnitText {
    static func seconds(_ duration: Duration) -> String {
        let milliseconds = max(0, duration.wholeMicroseconds / 1000)
        let fraction = "\(milliseconds % 1000)"
        return "\(milliseconds / 1000).\(String(repeating: "0", count: 3 - fraction.utf8.count))\(fraction)"
    }

    static func testCase(_ point: SmokePoint) -> String {
        var time = Duration.zero
        var children = ""
        switch point.kind {
        case .broken(let problem):
            children = element("error", "job", problem, "\(point.suite.file):\(point.suite.line): \(problem)")
        case .skipped: children = skipped
        case .judged(let one):
            time = one.duration
            if one.verdict == .skipped { children = skipped }
            for (number, trouble) in one.troubles.enumerated() {
                let isLast = number == one.troubles.count - 1 && one.verdict != .flaky
                children += element(
                    trouble, prefix: isLast ? "" : one.verdict == .flaky ? "flaky" : "rerun", point.suite)
            }
        }
        let head =
            "    <testcase classname=\"\(XMLText.escaped(point.suite.job))\""
            + " name=\"\(XMLText.escaped(point.name))\" time=\"\(seconds(time))\""
        return children.isEmpty ? "\(head)/>\n" : "\(head)>\n\(children)    </testcase>\n"
    }

    private static let skipped = "      <skipped message=\"\(SmokePoint.notRun)\"/>\n"

    /// - Parameter prefix: of a try that others followed; empty for the one that counts.
    private static func element(_ trouble: SmokeTrouble, prefix: String, _ suite: SmokeSuite) -> String {
        let text = trouble.lines(file: suite.file, line: suite.line).joined(separator: "\n")
        let isError = trouble.reason != nil
        let kind = isError ? "error" : "failure"
        let type = isError ? trouble.errorClass?.rawValue ?? "error" : "expectation"
        guard !prefix.isEmpty else { return element(kind, type, trouble.headline, text) }
        let name = prefix + (isError ? "Error" : "Failure")
        return "      <\(name) type=\"\(XMLText.escaped(type))\" message=\"\(XMLText.escaped(trouble.headline))\">"
            + "<stackTrace>\(content(text))</stackTrace></\(name)>\n"
    }

    private static func element(_ name: String, _ type: String, _ message: String, _ text: String) -> String {
        "      <\(name) type=\"\(XMLText.escaped(type))\" message=\"\(XMLText.escaped(message))\">"
            + "\(content(text))</\(name)>\n"
    }

    /// Lines as lines: outside of attributes they stay what they are.
    private static func content(_ text: String) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false).map { XMLText.escaped(String($0)) }
            .joined(separator: "\n")
    }
}
