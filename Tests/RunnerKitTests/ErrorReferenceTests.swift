import Foundation
import JobModel
import Testing

@testable import RunnerKit

/// `docs/errors.md`, made of what the code says.
@Suite struct ErrorReferenceTests {
    private static let file = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("docs/errors.md")

    private static var page: String {
        let order = ExitStatus.precedence.map { "\($0.rawValue)" }.joined(separator: ", ")
        let exits = ExitStatus.allCases.map { status in
            "| \(status.rawValue) | \(status.explanation.cause) | \(status.explanation.cure) |"
        }
        let codes = DiagnosticCode.allCases.map { code in
            "| `\(code.rawValue)` | \(code.explanation.cause) | \(code.explanation.cure) |"
        }
        return """
            # Errors

            `fnrun explain CODE` says the same in the terminal. With `--format json`, what keeps a command from its work is one
            line on stderr: `{"type":"error","error":"invalid","exitCode":2,"message":"1 problem","diagnostics":[…]}`.

            <!-- Made of the code: FNRUN_RECORD=1 swift test --filter ErrorReferenceTests -->

            ## Exit codes

            Of several, the first in this order counts: \(order).

            | code | cause | what to do |
            |---|---|---|
            \(exits.joined(separator: "\n"))

            ## Problems of job files and sandbox scripts

            `fnrun validate` shows them as `file:line:column: error: …` with the line and a caret, and with `--format json`
            as objects with `file`, `line`, `column`, `severity`, `code`, `message`, `hint`.

            | code | cause | what to do |
            |---|---|---|
            \(codes.joined(separator: "\n"))

            """
    }

    @Test func thePageIsCurrent() throws {
        if ProcessInfo.processInfo.environment["FNRUN_RECORD"] == "1" {
            try Self.page.write(to: Self.file, atomically: true, encoding: .utf8)
        }
        #expect(try String(contentsOf: Self.file, encoding: .utf8) == Self.page, "FNRUN_RECORD=1 records it")
    }

    @Test func everyExplanationIsWholeAndFitsIntoATable() {
        let all = DiagnosticCode.allCases.map(\.explanation) + ExitStatus.allCases.map(\.explanation)
        for (cause, cure) in all {
            #expect(cause.hasSuffix(".") && (cure.hasSuffix(".") || cure.hasSuffix("…")), "\(cause) \(cure)")
            #expect(!cause.contains("\n") && !cure.contains("\n") && !(cause + cure).contains("|"))
        }
    }
}
