import Expectations
import Foundation
import JSONText
import JobModel
import Results
import Testing

@Suite struct SmokeReportTests {
    /// What a report becomes in each format, by the golden file that holds it.
    private static func written(_ name: String) -> [UInt8] {
        let report = SmokeSamples.report
        switch name {
        case "smoke.xml": return report.junit()
        case "smoke.tap": return report.tap()
        case "smoke.json": return report.json()
        case "smoke.md": return Array(report.markdown().utf8)
        case "smoke-github.txt": return Array(report.annotations { "sub/\($0)" }.joined(separator: "\n").utf8)
        case "smoke-color.txt": return text(SmokeReport.Style(usesColor: true, hidesPassed: true))
        default: return text(SmokeReport.Style())
        }
    }

    private static func text(_ style: SmokeReport.Style) -> [UInt8] {
        let report = SmokeSamples.report
        let parts = report.suites.map { $0.text(style) } + ["", report.summaryText(style), ""]
        return Array(parts.joined(separator: "\n").utf8)
    }

    private static let folder = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
        .appendingPathComponent("Fixtures")

    @Test func ofAJobThatBreaksOffWhatWasNotRunIsAnErrorForThatReason() {
        var suite = SmokeSamples.suite("a.yaml", "j", [])
        suite.cases = [
            SmokeCase(index: 0, key: "", verdict: .passed, duration: .zero),
            SmokeCase(index: 1, key: nil, verdict: .skipped, duration: .zero),
        ]
        suite.problem = "credentials rejected"
        let report = SmokeReport(
            version: "1", startedAt: Timestamp(seconds: 0), duration: .zero, suites: [suite])
        let xml = String(decoding: report.junit(), as: UTF8.self)
        #expect(xml.contains("<testsuites name=\"fnrun smoke\" tests=\"2\" failures=\"0\" errors=\"1\""), "\(xml)")
        #expect(xml.contains("name=\"row 0\"") && xml.contains("name=\"row 1\"") && !xml.contains("<skipped"), "\(xml)")
        #expect(xml.contains("<error type=\"job\" message=\"credentials rejected\">"), "\(xml)")
        let tap = String(decoding: report.tap(), as: UTF8.self)
        #expect(tap.contains("1..2\n") && tap.contains("not ok 2 - j: row 1\n"), "\(tap)")
    }

    @Test(arguments: [
        "smoke.xml", "smoke.tap", "smoke.json", "smoke.md", "smoke-github.txt", "smoke-color.txt", "smoke.txt",
    ])
    func isWrittenAsTheGoldenFileHasIt(name: String) throws {
        let file = Self.folder.appendingPathComponent(name)
        let written = Data(Self.written(name))
        if ProcessInfo.processInfo.environment["FNRUN_RECORD"] == "1" { try written.write(to: file) }
        #expect(written == (try Data(contentsOf: file)), "FNRUN_RECORD=1 records")
    }

    @Test(arguments: ["smoke.xml", "smoke.tap", "smoke.md", "smoke-github.txt", "smoke.txt"])
    func steersNoTerminal(name: String) {
        #expect(!Self.written(name).contains { $0 < 0x20 && $0 != 0x0A })
    }

    @Test func isJSON() throws {
        let report = try JSONParser.parse(Self.written("smoke.json"))
        #expect(report["summary"]?["cases"]?.intValue == 7)
        #expect(
            report["jobs"]?[0]?["cases"]?[1]?["troubles"]?[0]?["failures"]?[0]?["actual"]?.stringValue
                == SmokeSamples.nasty)
    }

    @Test func hasNoCases() throws {
        let report = SmokeReport(version: "1", startedAt: Timestamp(seconds: 0), duration: .zero, suites: [])
        #expect(String(decoding: report.tap(), as: UTF8.self) == "TAP version 14\n1..0\n")
        #expect(report.summaryText(SmokeReport.Style()) == "0 cases in 0.0 ms: 0 passed, 0 failed")
        #expect(!report.isFailed)
    }

    @Test func countsACaseByItsLastTry() {
        let (first, passed) = (SmokeSamples.cases[1], SmokeSamples.cases[0])
        #expect(first.followed(by: first).verdict == .failed && first.followed(by: first).tries == 2)
        let flaky = first.followed(by: first).followed(by: passed)
        #expect(flaky.verdict == .flaky && flaky.tries == 3)
        #expect(first.followed(by: SmokeSamples.cases[5]).verdict == .failed)
    }
}
