import Expectations
import JobModel

extension SmokeReport {
    /// How a report for people is written.
    package struct Style: Sendable {
        package var usesColor: Bool
        /// Passed cases have no line of their own.
        package var hidesPassed: Bool

        package init(usesColor: Bool = false, hidesPassed: Bool = false) {
            self.usesColor = usesColor
            self.hidesPassed = hidesPassed
        }

        fileprivate func paint(_ text: String, _ color: TextColor) -> String {
            usesColor ? color.paint(text) : text
        }
    }

    /// What failed in full, and how many passed, without a line feed at the end.
    package func summaryText(_ style: Style) -> String {
        var lines: [String] = []
        for suite in suites {
            for one in suite.cases where !one.troubles.isEmpty {
                lines += one.details(of: suite, style) + [""]
            }
        }
        let color: TextColor = isFailed ? .red : counts[.flaky] > 0 ? .yellow : .green
        let total = DisplayText.count(counts.cases, "case", "cases")
        lines.append(style.paint("\(total) in \(DisplayText.duration(duration)): \(counts.words)", color))
        return lines.joined(separator: "\n")
    }
}

extension SmokeSuite {
    /// One line for each case, without a line feed at the end; empty if there is nothing to say.
    package func text(_ style: SmokeReport.Style) -> String {
        var lines = cases.compactMap { line(of: $0, style) }
        let skipped = cases.count { $0.verdict == .skipped }
        if skipped > 0 {
            lines.append(style.paint("- \(job): \(DisplayText.count(skipped, "case", "cases")) not run", .gray))
        }
        if isSkipped { lines.append(style.paint("- \(job): not run", .gray)) }
        if let problem { lines.append(style.paint("✗ \(job): \(TextFit.printable(problem))", .red)) }
        return lines.joined(separator: "\n")
    }

    /// Nil if the case has no line of its own.
    private func line(of one: SmokeCase, _ style: SmokeReport.Style) -> String? {
        let time = DisplayText.duration(one.duration)
        switch one.verdict {
        case .passed where style.hidesPassed, .skipped: return nil
        case .passed: return style.paint("✓", .green) + " \(name(of: one)) " + style.paint("(\(time))", .gray)
        case .flaky:
            return style.paint("~ \(name(of: one))", .yellow)
                + style.paint(" (\(time), flaky: passed on try \(one.tries))", .gray)
        case .failed:
            let tries = one.tries > 1 ? ", \(one.tries) tries" : ""
            return style.paint("✗ \(name(of: one))", .red) + style.paint(" (\(time)\(tries))", .gray)
        case .error: return style.paint("✗ \(name(of: one)): could not be run", .red)
        }
    }

    /// The job and the row, if it is not the only one and has no name of its own.
    func name(of one: SmokeCase) -> String {
        one.key == nil && cases.count == 1 ? job : "\(job): \(TextFit.printable(one.label))"
    }
}

extension SmokeCase {
    /// What was wrong with the last try, or of a flaky case with the first.
    fileprivate func details(of suite: SmokeSuite, _ style: SmokeReport.Style) -> [String] {
        guard let trouble = verdict == .flaky ? troubles.first : troubles.last else { return [] }
        let name = suite.name(of: self)
        var lines: [String] = []
        switch verdict {
        case .flaky: lines.append(style.paint("~ \(name)", .yellow) + ", on the first of \(tries) tries")
        case .error: lines.append(style.paint("✗ \(name)", .red) + " could not be run")
        default: lines.append(style.paint("✗ \(name)", .red))
        }
        lines += trouble.lines(file: suite.file, line: suite.line)
        return lines
    }
}

extension SmokeTrouble {
    /// Everything that is known of the try, for people.
    ///
    /// - Parameters:
    ///   - file: the job file.
    ///   - line: where the job stands in it.
    func lines(file: String, line: Int) -> [String] {
        var lines: [String] = []
        if let reason { lines.append("  \(file):\(line): \(reason)") }
        for failure in failures {
            lines.append("  \(file):\(failure.location.line): \(failure.expectation)")
            if !failure.expectation.hasPrefix(failure.path) { lines.append("    path:     \(failure.path)") }
            lines.append("    expected: \(failure.expected)")
            lines.append("    actual:   \(failure.actual)")
            lines += failure.differences.map { "    - \($0)" }
        }
        if let requestID {
            var facts = status.map { ["status \($0)"] } ?? ["no answer"]
            facts.append(DisplayText.duration(duration))
            if attempts > 1 { facts.append("\(attempts) attempts") }
            lines.append("  \(facts.joined(separator: ", ")), request \(requestID)")
        }
        return lines.map(TextFit.printable)
    }
}
