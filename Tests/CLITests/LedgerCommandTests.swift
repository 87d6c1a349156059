import BinarySupport
import Foundation
import JSONText
import Testing

@Suite("fnrun history and why", .serialized)
struct LedgerCommandTests {
    /// A ledger with one entry of each kind, which a tick left.
    private static func ledger() async throws -> BuiltBinary {
        let sandbox = try await SandboxProcess.start(
            script: "default: { match: [{ when: { payload: bad }, then: 901 }] }")
        let binary = try BuiltBinary()
        func due(_ minutes: Int...) -> String {
            "schedule: [\(minutes.map { "{ at: \"\(TimeText.fromNow(Double(-60 * $0)))\" }" }.joined(separator: ", "))]"
        }
        var file = JobFileText(sandbox.url)
        file.jobs = [
            ("good", due(5)), ("bad", due(6) + "\npayload: bad"), ("off", due(8, 7) + "\nsuspend: true"),
            ("late", due(14, 13, 12, 11)), ("tooLate", due(10) + "\ncatchupWindow: 1m"),
        ]
        try binary.write(file.text, to: "job.yaml")
        let result = try await binary.run(["tick", "job.yaml", "--since", "1h"])
        #expect(result.status == 8, "\(result.errors)")
        return binary
    }

    @Test("JSON: the members of the contract, newest first")
    func json() async throws {
        let binary = try await Self.ledger()
        let result = try await binary.run(["history", "--format", "json"])
        #expect(result.status == 0 && result.errors.isEmpty, "\(result.errors)")
        let entries = try JSONParser.parse(Array(result.output.utf8)).arrayValue ?? []
        func names(_ job: String, _ position: Int = 0) -> [String] {
            entries.filter { $0["job"]?.stringValue == job }[position].objectValue?.names ?? []
        }
        try #require(entries.count == 6)
        let ran = [
            "job", "occurrence", "nominalTime", "state", "result", "runId", "trigger", "startedAt", "finishedAt",
            "latenessMs", "results",
        ]
        #expect(names("good") == ran && names("bad") == ran + ["message"] && names("late") == ran)
        #expect(
            names("off") == ["job", "occurrence", "nominalTime", "state", "reason", "count", "lastNominalTime"])
        #expect(names("late", 1) == names("off"))
        #expect(names("tooLate") == ["job", "occurrence", "nominalTime", "state", "reason"])
        let lines = try await binary.history()
        #expect(
            lines.map { "\($0.job) \($0.fate)" } == [
                "good ran succeeded", "bad ran failed", "off skipped suspended x2", "tooLate missed window",
                "late ran succeeded", "late missed catchup x3",
            ])
        #expect(lines.allSatisfy { $0.occurrence == "\($0.job)@\($0.nominalTime)" })
        #expect(lines.map(\.last) == lines.map(\.last).sorted(by: >))
        let late = try #require(lines.last)
        #expect(late.last - late.first == 120_000_000)
    }

    @Test("Filters: a job, a number, times")
    func filters() async throws {
        let binary = try await Self.ledger()
        let all = try await binary.history()
        for (arguments, expected) in [
            (["good"], [all[0]]), (["--limit", "2"], Array(all[..<2])), (["--limit", "0"], []),
            (["late", "--limit", "1"], [all[4]]), (["nobody"], []),
            (["--from", all[2].nominalTime], Array(all[...2])), (["--to", all[1].nominalTime], Array(all[2...])),
            (["--from", all[1].nominalTime, "--to", all[0].nominalTime], [all[1]]),
        ] {
            #expect(try await binary.history(arguments) == expected, "\(arguments)")
        }
    }

    @Test("Text for people")
    func text() async throws {
        let binary = try await Self.ledger()
        let result = try await binary.run(["history"])
        #expect(result.status == 0 && result.lines.count == 7, "\(result.output)")
        #expect(result.lines[0].contains("NOMINAL TIME (UTC)"))
        for (line, words) in zip(
            result.lines.dropFirst(),
            [
                "ran: succeeded", "ran: failed", "skipped: suspended", "missed: window", "ran: succeeded",
                "missed: catchup",
            ])
        { #expect(line.contains(words)) }
        #expect(result.lines[6].contains("(3)"))
        let none = try await binary.run(["history", "nobody"])
        #expect(none.status == 0 && none.output.isEmpty && none.errors.contains("nobody"))
    }

    @Test("why says what became of each, and what can be done")
    func why() async throws {
        let binary = try await Self.ledger()
        let lines = try await binary.history()
        let words = [
            ["ran and succeeded", "5m", "results/good/", lines[0].runId ?? "?"],
            ["ran and failed", "why: of 1 row 1 failed (function 1)", "fnrun report results/bad/"], ["suspend"],
            ["catchupWindow", "too late"],
            ["ran and succeeded"], ["missed", "catchup", "one of 3"],
        ]
        for (line, words) in zip(lines, words) {
            let text = try await binary.why(line)
            #expect(text.hasPrefix(line.occurrence), "\(text)")
            for word in words { #expect(text.contains(word), "\(line.occurrence): \(text)") }
        }
        // The command that it names works.
        let why = try await binary.why(lines[1])
        let report = try #require(why.split(separator: "\n").first { $0.contains("fnrun report") })
        let command = report.drop { $0 != ":" }.dropFirst().split(separator: " ").dropFirst().map(String.init)
        #expect(try await binary.run(command).status == 0)
    }

    @Test("why says what kept a run from its work")
    func hindrance() async throws {
        let sandbox = try await SandboxProcess.start(script: "default: { then: 901 }")
        let binary = try BuiltBinary()
        let due = "schedule: { at: \"\(TimeText.fromNow(-60))\" }"
        var file = JobFileText(sandbox.url)
        file.jobs = [
            ("noInput", due + "\ninput: { file: gone.csv }"), ("noOutput", due + "\noutput: job.yaml/out.jsonl"),
            ("stopped", due + "\ntolerate: 0"),
        ]
        try binary.write(file.text, to: "job.yaml")
        _ = try await binary.run(["tick", "job.yaml", "--since", "1h"])
        let words = ["noInput": "gone.csv", "noOutput": "job.yaml/out.jsonl", "stopped": "tolerate"]
        for line in try await binary.history() {
            let text = try await binary.why(line)
            #expect(text.contains("why: ") && text.contains(words[line.job] ?? "?"), "\(text)")
            #expect(line.fate == "ran failed" && line.message.map(text.contains) == true)
        }
    }

    @Test("why takes any spelling of the time, and any time of several in a row")
    func spellings() async throws {
        let binary = try await Self.ledger()
        let late = try #require(try await binary.history(["late"]).last)
        let middle = Date(timeIntervalSince1970: Double(late.first + 60_000_000) / 1_000_000)
        let result = try await binary.run(["why", "late", middle.formatted(.iso8601)])
        #expect(result.status == 0 && result.output.hasPrefix("late@\(middle.formatted(.iso8601))"), "\(result.errors)")
        let good = try #require(try await binary.history(["good"]).first)
        let east = Date(timeIntervalSince1970: Double(good.first) / 1_000_000 + 7200)
        let spelled = try await binary.run(
            ["why", "good", east.formatted(.iso8601).dropLast() + "+02:00", "--format", "json"])
        #expect(spelled.status == 0, "\(spelled.errors)")
        let json = try JSONParser.parse(Array(spelled.output.utf8))
        #expect(json["occurrence"]?.stringValue == good.occurrence && json["state"] == "ran")
        #expect(json["explanation"]?.stringValue?.contains("ran and succeeded") == true)
    }

    @Test("why of what is not in the ledger: 1, and what is next to it")
    func absent() async throws {
        let binary = try await Self.ledger()
        let good = try #require(try await binary.history(["good"]).first)
        for (job, time, words) in [
            ("good", TimeText.fromNow(3600), "the last one of good is \(good.nominalTime)"),
            ("good", TimeText.fromNow(-7200), "before the first"),
            ("nobody", good.nominalTime, "no occurrence of nobody"),
            ("late", TimeText.fromNow(-11.5 * 60), "no time of its schedule"),
        ] {
            let result = try await binary.run(["why", job, time])
            #expect(result.status == 1 && result.output.isEmpty, "\(result.errors)")
            #expect(result.errors.contains(words), "\(result.errors)")
        }
        #expect(try await binary.run(["why", "good", "yesterday"]).status == 64)
        #expect(try await binary.run(["why", "good"]).status == 64)
    }

    @Test(
        "Without a ledger: 2, what to do, and none is made",
        arguments: [["history"], ["why", "a", "2026-01-01T00:00:00Z"]])
    func noLedger(command: [String]) async throws {
        let binary = try BuiltBinary()
        for state in [[], ["--state", "elsewhere"]] {
            let result = try await binary.run(command + state)
            #expect(result.status == 2 && result.output.isEmpty)
            #expect(result.errors.contains("--state"), "\(result.errors)")
            #expect(try FileManager.default.contentsOfDirectory(atPath: binary.folder.path).isEmpty)
        }
    }

    @Test("A damaged ledger is told, and left alone by those who only read")
    func damaged() async throws {
        let binary = try BuiltBinary()
        let garbage = String(repeating: "no database ", count: 1000)
        try binary.write(garbage, to: ".fnrun/ledger.sqlite")
        let result = try await binary.run(["history"])
        #expect(result.status == 2 && result.errors.contains(".fnrun/ledger.sqlite"), "\(result.errors)")
        #expect(try binary.read(".fnrun/ledger.sqlite") == garbage)
    }

    @Test("What is going is told while it goes")
    func going() async throws {
        let sandbox = try await SandboxProcess.start(script: "default: { then: hang }")
        let binary = try BuiltBinary()
        let settings = "schedule: { every: 200ms }\noverlap: bufferOne"
        try binary.write(JobFileText(sandbox.url, settings).text, to: "job.yaml")
        let daemon = try binary.start(["schedule", "job.yaml", "--shutdown-timeout", "100ms"])
        try await daemon.waitFor("skipped: ")
        let lines = try await binary.history().of("work")
        try #require(lines.count >= 3)
        #expect(lines[..<2].map(\.state) == ["claimed", "claimed"])
        #expect(lines[0].startedAt != nil && lines[0].finishedAt == nil && lines[1].startedAt == nil)
        #expect(lines[2].state == "skipped" && lines[2].reason == "overlap")
        #expect(try await binary.why(lines[0]).contains("running: started at"))
        #expect(try await binary.why(lines[1]).contains("waiting: claimed by"))
        let text = try await binary.run(["history"]).output
        #expect(text.contains("claimed: running") && text.contains("claimed: waiting"))
        #expect(await binary.stop(daemon).status == 0)
    }
}
