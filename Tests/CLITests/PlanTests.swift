import BinarySupport
import Foundation
import JSONText
import Testing

@Suite("fnrun plan", .serialized)
struct PlanTests {
    private static func file(_ jobs: (name: String, settings: String)...) -> JobFileText {
        var file = JobFileText("http://127.0.0.1:1")
        file.jobs = jobs
        return file
    }

    /// What `plan --format json` prints.
    private static func plan(_ file: JobFileText, _ arguments: [String]) async throws -> [JSONValue] {
        let binary = try BuiltBinary()
        try binary.write(file.text, to: "job.yaml")
        let result = try await binary.run(["plan", "job.yaml", "--format", "json"] + arguments)
        #expect(result.status == 0, "\(result.errors)")
        return try JSONParser.parse(Array(result.output.utf8)).arrayValue ?? []
    }

    private static func texts(_ plan: [JSONValue], _ name: String) -> [String] {
        plan.map { $0[name]?.stringValue ?? "-" }
    }

    @Test("Times end with the year 9999, which RFC 3339 can write last")
    func lastYear() async throws {
        let file = Self.file(("a", "schedule: { every: 12h }"))
        let plan = try await Self.plan(file, ["--from", "9999-12-31T00:00:00Z"])
        #expect(Self.texts(plan, "nominalTime") == ["9999-12-31T00:00:00Z", "9999-12-31T12:00:00Z"])
    }

    @Test("JSON: the members of the contract, in order of time, over all jobs")
    func json() async throws {
        let plan = try await Self.plan(
            Self.file(
                ("b", "schedule: { cron: \"30 * * * *\", timeZone: Asia/Kolkata }"),
                ("a", "schedule: { every: 1h }")),
            ["--from", "2026-11-22T10:00:00Z", "--to", "2026-11-22T12:00:00Z"])
        #expect(
            plan.map { $0.objectValue?.names ?? [] }
                == Array(repeating: ["job", "occurrence", "nominalTime", "local", "fireTime"], count: 4))
        #expect(
            Self.texts(plan, "occurrence") == [
                "b@2026-11-22T10:00:00Z", "a@2026-11-22T10:00:00Z", "b@2026-11-22T11:00:00Z", "a@2026-11-22T11:00:00Z",
            ], "of equal times, in the order of the file")
        #expect(Self.texts(plan, "job") == ["b", "a", "b", "a"])
        #expect(Self.texts(plan, "nominalTime").first == "2026-11-22T10:00:00Z")
        #expect(Self.texts(plan, "fireTime") == Self.texts(plan, "nominalTime"))
        #expect(
            Self.texts(plan, "local") == [
                "2026-11-22T15:30:00+05:30", "2026-11-22T10:00:00+00:00", "2026-11-22T16:30:00+05:30",
                "2026-11-22T11:00:00+00:00",
            ])
    }

    struct Range: Sendable, CustomTestStringConvertible {
        var arguments: [String]
        var times: [String]
        var testDescription: String { arguments.joined(separator: " ") }

        init(_ arguments: String, _ times: String...) {
            self.arguments = arguments.split(separator: " ").map(String.init)
            self.times = times.map { "2026-11-22T\($0)Z" }
        }
    }

    @Test(
        "--from is inclusive, --to exclusive, --count of each job",
        arguments: [
            Range("--from 2026-11-22T10:00:00Z --to 2026-11-22T12:00:00Z", "10:00:00", "11:00:00"),
            Range("--from 2026-11-22T10:00:00.000001Z --to 2026-11-22T12:00:00.000001Z", "11:00:00", "12:00:00"),
            Range("--from 2026-11-22T11:00:00+01:00 --count 1", "10:00:00"),
            Range("--from 2026-11-22T10:00:00Z --to 2026-11-22T13:00:00Z --count 2", "10:00:00", "11:00:00"),
            Range("--from 2026-11-22T10:00:00Z --to 2026-11-22T11:00:00Z --count 5", "10:00:00"),
            Range("--from 2026-11-22T10:00:00Z --to 2026-11-22T10:00:00Z"),
        ])
    func range(range: Range) async throws {
        let plan = try await Self.plan(Self.file(("a", "schedule: { every: 1h }")), range.arguments)
        #expect(Self.texts(plan, "nominalTime") == range.times)
    }

    @Test("Ten of each job unless told otherwise, all up to --to")
    func counts() async throws {
        let file = Self.file(("a", "schedule: { every: 1m }"), ("b", "schedule: { every: 1h }"))
        let standard = try await Self.plan(file, ["--from", "2026-11-22T10:00:00Z"])
        #expect(Self.texts(standard, "job").count { $0 == "a" } == 10)
        #expect(Self.texts(standard, "job").count { $0 == "b" } == 10)
        #expect(Self.texts(standard, "nominalTime") == Self.texts(standard, "nominalTime").sorted())
        let day = try await Self.plan(file, ["--from", "2026-11-22T00:00:00Z", "--to", "2026-11-23T00:00:00Z"])
        #expect(day.count == 24 * 60 + 24)
    }

    @Test("From now on by default")
    func now() async throws {
        let before = TimeText.microseconds(TimeText.fromNow(-1))
        let plan = try await Self.plan(Self.file(("a", "schedule: { every: 1s }")), ["--count", "1"])
        let time = TimeText.microseconds(Self.texts(plan, "nominalTime").first ?? "")
        #expect(time >= before && time <= TimeText.microseconds(TimeText.fromNow(5)))
    }

    struct Change: Sendable, CustomTestStringConvertible {
        var day: String
        var dst: String
        var entries: [String]
        var testDescription: String { "\(day) \(dst)" }
    }

    @Test(
        "Clock changes are told",
        arguments: [
            Change(
                day: "2026-03-29", dst: "",
                entries: ["2026-03-29T01:00:00Z 2026-03-29T03:00:00+02:00 02:30 does not exist: moved to the jump"]),
            Change(day: "2026-03-29", dst: "gap: skip", entries: []),
            Change(
                day: "2026-10-25", dst: "",
                entries: ["2026-10-25T00:30:00Z 2026-10-25T02:30:00+02:00 first of two 02:30"]),
            Change(
                day: "2026-10-25", dst: "overlap: second",
                entries: ["2026-10-25T01:30:00Z 2026-10-25T02:30:00+01:00 second of two 02:30"]),
            Change(
                day: "2026-10-25", dst: "overlap: both",
                entries: [
                    "2026-10-25T00:30:00Z 2026-10-25T02:30:00+02:00 first of two 02:30",
                    "2026-10-25T01:30:00Z 2026-10-25T02:30:00+01:00 second of two 02:30",
                ]),
            Change(day: "2026-10-26", dst: "", entries: ["2026-10-26T01:30:00Z 2026-10-26T02:30:00+01:00 -"]),
        ])
    func clockChanges(change: Change) async throws {
        let plan = try await Self.plan(
            Self.file(
                ("a", "schedule: { cron: \"30 2 * * *\", timeZone: Europe/Berlin, dst: { \(change.dst) } }")),
            ["--from", "\(change.day)T00:00:00Z", "--to", "\(change.day)T12:00:00Z"])
        let entries = zip(
            zip(Self.texts(plan, "nominalTime"), Self.texts(plan, "local")), Self.texts(plan, "note")
        ).map { "\($0.0.0) \($0.0.1) \($0.1)" }
        #expect(entries == change.entries)
    }

    @Test("A union names equal instants once; exclusions and bounds hold")
    func union() async throws {
        let plan = try await Self.plan(
            Self.file(
                (
                    "a",
                    """
                    schedule:
                      - { cron: "0 12 * * *", exclude: [2026-11-23] }
                      - { every: 12h, startAt: "2026-11-22T12:00:00Z", endAt: "2026-11-23T12:00:00Z" }
                      - { at: "2026-11-24T06:30:00+01:00" }
                    """
                )), ["--from", "2026-11-22T00:00:00Z", "--to", "2026-11-25T00:00:00Z"])
        #expect(
            Self.texts(plan, "nominalTime") == [
                "2026-11-22T12:00:00Z", "2026-11-23T00:00:00Z", "2026-11-24T05:30:00Z", "2026-11-24T12:00:00Z",
            ])
    }

    @Test("Jitter is the same each time, less than it says, and never past the next occurrence")
    func jitter() async throws {
        let file = Self.file(("a", "schedule: { every: 1m, jitter: 45s }"))
        let range = ["--from", "2026-11-22T00:00:00Z", "--to", "2026-11-22T01:00:00Z"]
        let plan = try await Self.plan(file, range)
        let delays = zip(Self.texts(plan, "nominalTime"), Self.texts(plan, "fireTime"))
            .map { TimeText.microseconds($0.1) - TimeText.microseconds($0.0) }
        #expect(delays.count == 60 && delays.allSatisfy { (0..<45_000_000).contains($0) })
        #expect(Set(delays).count > 30)
        #expect(Self.texts(try await Self.plan(file, range), "fireTime") == Self.texts(plan, "fireTime"))
    }

    @Test("Text: local times, notes of clock changes and suspension")
    func text() async throws {
        let binary = try BuiltBinary()
        let file = Self.file(
            ("nightly", "schedule: { cron: \"30 2 * * *\", timeZone: Europe/Berlin }"),
            ("off", "schedule: { cron: \"0 5 * * *\" }\nsuspend: true"))
        try binary.write(file.text, to: "job.yaml")
        let result = try await binary.run(
            ["plan", "job.yaml", "--from", "2026-03-29T00:00:00Z", "--to", "2026-03-30T00:00:00Z"])
        #expect(result.status == 0, "\(result.errors)")
        try #require(result.lines.count == 3)
        #expect(result.lines[0].contains("LOCAL TIME") && result.lines[0].contains("UTC"))
        #expect(result.lines[1].hasPrefix("2026-03-29T03:00:00+02:00  2026-03-29T01:00:00Z"))
        #expect(result.lines[1].contains("nightly") && result.lines[1].contains("02:30 does not exist"))
        #expect(result.lines[2].contains("off") && result.lines[2].contains("suspended"))
    }

    @Test("Needs no credentials, and of several files and folders shows all")
    func files() async throws {
        let binary = try BuiltBinary()
        var one = Self.file(("one", "schedule: { every: 1h }"))
        one.clientSecret = "${LP_CLIENT_SECRET}"
        try binary.write(one.text, to: "jobs/one.yaml")
        try binary.write(Self.file(("two", "schedule: { every: 1h }"), ("manual", "")).text, to: "jobs/two.yml")
        try binary.write(Self.file(("three", "schedule: { every: 1h }")).text, to: "three.yaml")
        let result = try await binary.run(["plan", "jobs", "three.yaml", "--count", "1", "--format", "json"])
        #expect(result.status == 0, "\(result.errors)")
        let plan = try JSONParser.parse(Array(result.output.utf8)).arrayValue ?? []
        #expect(Set(Self.texts(plan, "job")) == ["one", "two", "three"])
    }

    @Test("No schedule, no occurrence: an empty list, and a word on stderr")
    func nothing() async throws {
        let binary = try BuiltBinary()
        try binary.write(Self.file(("manual", "")).text, to: "job.yaml")
        let result = try await binary.run(["plan", "job.yaml", "--format", "json"])
        #expect(result.status == 0 && result.output == "[]\n")
        #expect(result.errors.contains("no job of these files has a schedule"))
    }

    struct Refusal: Sendable, CustomTestStringConvertible {
        var arguments: String
        var status: Int32
        var words: String
        var schedule = "every: 1h"
        var testDescription: String { "\(arguments) \(schedule)" }
    }

    @Test(
        "What is wrong is told",
        arguments: [
            Refusal(arguments: "--count 0", status: 64, words: "--count"),
            Refusal(arguments: "--from yesterday", status: 64, words: "yesterday"),
            Refusal(arguments: "--from 2026-11-22T10:00:00Z --to 2026-11-22T09:00:00Z", status: 64, words: "--to"),
            Refusal(arguments: "", status: 2, words: "never", schedule: "cron: \"0 0 30 2 *\""),
            Refusal(arguments: "", status: 2, words: "24 is not in 0-23", schedule: "cron: \"0 24 * * *\""),
            Refusal(arguments: "", status: 2, words: "Europe/Berlin", schedule: "every: 1h, timeZone: Europe/Berln"),
        ])
    func refusals(refusal: Refusal) async throws {
        let binary = try BuiltBinary()
        try binary.write(Self.file(("a", "schedule: { \(refusal.schedule) }")).text, to: "job.yaml")
        let arguments = refusal.arguments.split(separator: " ").map(String.init)
        let result = try await binary.run(["plan", "job.yaml"] + arguments)
        #expect(result.status == refusal.status, "\(result.errors)")
        #expect(result.errors.contains(refusal.words), "\(result.errors)")
        #expect(result.output.isEmpty)
    }

    @Test("A schedule far away is found at once, one that has ended is an empty plan")
    func farAway() async throws {
        let plan = try await Self.plan(
            Self.file(
                ("leap", "schedule: { cron: \"0 0 29 2 *\" }"), ("past", "schedule: { at: \"2020-01-01T00:00:00Z\" }")),
            ["--from", "2097-01-01T00:00:00Z", "--count", "1"])
        #expect(Self.texts(plan, "occurrence") == ["leap@2104-02-29T00:00:00Z"])
    }
}
