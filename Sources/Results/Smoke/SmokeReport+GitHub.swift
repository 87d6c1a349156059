import Expectations
import JobModel

/// What GitHub Actions makes of a report: annotations of files, and a page of the run.
extension SmokeReport {
    /// Of the step summary, in rows; a page may have 1 MiB.
    private static let summaryRows = 500
    private static let summaryCell = 300

    /// Workflow commands, one a line: an error for each failure, a warning for each flaky case.
    ///
    /// - Parameter relative: makes a path one that is relative to the repository.
    package func annotations(relative: (String) -> String) -> [String] {
        suites.flatMap { suite in
            let file = relative(suite.file)
            var lines: [String] = []
            if let problem = suite.problem {
                lines.append(Self.command("error", file, suite.line, suite.job, problem))
            }
            for one in suite.cases {
                guard let trouble = one.troubles.last else { continue }
                let level = one.verdict == .flaky ? "warning" : "error"
                let title = suite.name(of: one) + (one.verdict == .flaky ? " is flaky" : "")
                if trouble.reason != nil {
                    lines.append(Self.command(level, file, suite.line, title, trouble.headline))
                }
                for failure in trouble.failures {
                    let text = "\(failure.expectation)\nexpected: \(failure.expected)\nactual: \(failure.actual)"
                    let all = ([text] + failure.differences).joined(separator: "\n")
                    lines.append(Self.command(level, file, failure.location.line, title, all))
                }
            }
            return lines
        }
    }

    private static func command(
        _ level: String, _ file: String, _ line: Int, _ title: String, _ text: String
    ) -> String {
        let message = text.split(separator: "\n", omittingEmptySubsequences: false).map {
            TextFit.printable(String($0))
        }
        .joined(separator: "\n")
        return
            "::\(level) file=\(escapedProperty(file)),line=\(line),title=\(escapedProperty(TextFit.printable(title)))"
            + "::\(escapedData(message))"
    }

    private static func escapedData(_ text: String) -> String {
        text.replacing("%", with: "%25").replacing("\r", with: "%0D").replacing("\n", with: "%0A")
    }

    private static func escapedProperty(_ text: String) -> String {
        escapedData(text).replacing(":", with: "%3A").replacing(",", with: "%2C")
    }

    /// A page in Markdown.
    package func markdown() -> String {
        var text = "### fnrun smoke: \(isFailed ? "failed" : "passed")\n\n"
        text +=
            "\(DisplayText.count(counts.cases, "case", "cases")) in \(DisplayText.duration(duration)): \(counts.words)\n"
        var rows: [String] = []
        for suite in suites {
            if let problem = suite.problem { rows.append(Self.row("❌", suite.job, problem, suite.file, suite.line)) }
            for one in suite.cases {
                guard let trouble = one.troubles.last else { continue }
                let line = trouble.failures.first?.location.line ?? suite.line
                let mark = one.verdict == .flaky ? "⚠️" : "❌"
                rows.append(Self.row(mark, suite.name(of: one), trouble.headline, suite.file, line))
            }
        }
        guard !rows.isEmpty else { return text }
        text += "\n| | case | what | where |\n|---|---|---|---|\n" + rows.prefix(Self.summaryRows).joined()
        if rows.count > Self.summaryRows { text += "\n… and \(rows.count - Self.summaryRows) more\n" }
        return text
    }

    private static func row(_ mark: String, _ name: String, _ what: String, _ file: String, _ line: Int) -> String {
        "| \(mark) | \(cell(name)) | \(cell(what)) | \(cell("\(file):\(line)")) |\n"
    }

    /// Text that neither ends the cell nor is taken for markup.
    private static func cell(_ text: String) -> String {
        TextFit.cut(text, to: summaryCell).map { character in
            switch character {
            case "<": "&lt;"
            case ">": "&gt;"
            case "&": "&amp;"
            case "|", "\\", "`", "*", "_", "[", "]", "~", "#", "!", "$", "@": "\\\(character)"
            default: String(character)
            }
        }.joined()
    }
}
