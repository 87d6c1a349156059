import BinarySupport
import JSONText
import Testing

@Suite("fnrun simulate", .serialized)
struct SimulateTests {
    private static func simulate(
        _ jobs: [(name: String, settings: String)], _ arguments: String, input rows: Int = 0
    ) async throws -> JSONValue {
        let binary = try BuiltBinary()
        var file = JobFileText("http://127.0.0.1:1")
        file.jobs = jobs
        try binary.write(file.text, to: "job.yaml")
        if rows > 0 { try binary.writeRows(rows) }
        let result = try await binary.run(
            ["simulate", "job.yaml", "--format", "json"] + arguments.split(separator: " ").map(String.init))
        #expect(result.status == 0, "\(result.errors)")
        return try JSONParser.parse(Array(result.output.utf8))
    }

    @Test("A year of an hourly job: every occurrence, through both clock changes")
    func year() async throws {
        let report = try await Self.simulate(
            [
                ("hourly", "schedule: { cron: \"0 * * * *\", timeZone: Europe/Berlin }"),
                ("daily", "schedule: { cron: \"30 2 * * *\", timeZone: Europe/Berlin }"),
            ],
            "--from 2027-01-01T00:00:00Z --for 1y")
        #expect(report["from"] == "2027-01-01T00:00:00Z" && report["to"] == "2028-01-01T00:00:00Z")
        #expect(report["jobs"]?[0]?["runs"]?.intValue == 8760)
        #expect(report["jobs"]?[1]?["runs"]?.intValue == 365)
        #expect(report["runs"]?.intValue == 9125)
        #expect(report["lambdas"]?[0]?["requests"]?.intValue == 9125)
        #expect((report["tokenRenewals"]?.intValue ?? 0) > 8760)
        // Only where 02:30 does not exist do both run at one time.
        #expect(report["peakConcurrency"]?.intValue == 2 && report["peakTime"] == "2027-03-28T01:00:00Z")
    }

    @Test("A lambda's own concurrency makes runs longer; files of one account share its token")
    func lambdaConcurrency() async throws {
        let binary = try BuiltBinary()
        let settings = "lambda: slow\nschedule: { every: 10m }\ninput: { items: [1, 2, 3, 4, 5, 6] }"
        for name in ["a", "b"] {
            var file = JobFileText("http://127.0.0.1:1", job: name, settings)
            file.lambdas = ["slow: { uuid: \(JobFileText.function), concurrency: 2 }"]
            try binary.write(file.text, to: "jobs/\(name).yaml")
        }
        let range = ["--from", "2027-01-01T00:00:00Z", "--for", "1d", "--latency", "4m", "--format", "json"]
        let both = try await binary.run(["simulate", "jobs"] + range)
        let report = try JSONParser.parse(Array(both.output.utf8))
        // Three turns of two rows take twelve minutes: each other occurrence is skipped.
        #expect(report["jobs"]?[0]?["runs"]?.intValue == 72)
        let one = try await binary.run(["simulate", "jobs/a.yaml"] + range)
        #expect(try report["tokenRenewals"] == JSONParser.parse(Array(one.output.utf8))["tokenRenewals"])
    }

    @Test("Runs that take longer than the period are skipped for overlap, and it says for which run")
    func overlap() async throws {
        let report = try await Self.simulate(
            [("slow", "schedule: { every: 1m }")], "--from 2027-01-01T00:00:00Z --for 1h --latency 90s")
        let job = report["jobs"]?[0]
        #expect(job?["runs"]?.intValue == 30)
        #expect(job?["skipped"]?["overlap"]?.intValue == 30)
        #expect(job?["missed"]?["catchup"]?.intValue == 0)
        #expect(job?["blockingRuns"]?[0]?["occurrence"]?.stringValue?.hasPrefix("slow@2027-01-01T00:") == true)
        #expect(report["peakConcurrency"]?.intValue == 1)
    }

    @Test("allowAll runs beside each other, bufferOne waits, a mutex keeps jobs apart")
    func policies() async throws {
        let report = try await Self.simulate(
            [
                ("all", "schedule: { every: 1m }\noverlap: allowAll"),
                ("one", "schedule: { every: 1m }\noverlap: bufferOne"),
            ], "--from 2027-01-01T00:00:00Z --for 1h --latency 150s")
        #expect(report["jobs"]?[0]?["runs"]?.intValue == 60)
        #expect(report["jobs"]?[0]?["peakConcurrency"]?.intValue == 3)
        #expect(report["jobs"]?[1]?["peakConcurrency"]?.intValue == 1)
        #expect((report["jobs"]?[1]?["waited"]?.intValue ?? 0) > 0)
        #expect((report["jobs"]?[1]?["longestLatenessMs"]?.intValue ?? 0) > 0)
        let mutex = try await Self.simulate(
            [
                ("a", "schedule: { every: 10m }\nmutex: db"), ("b", "schedule: { every: 10m }\nmutex: db"),
            ], "--from 2027-01-01T00:00:00Z --for 1h --latency 30s")
        #expect(mutex["runs"]?.intValue == 12)
        #expect(mutex["peakConcurrency"]?.intValue == 1)
    }

    @Test("Rows, concurrency and rate make a run's length; requests are counted by lambda and hour")
    func rows() async throws {
        let report = try await Self.simulate(
            [("bulk", "schedule: { every: 1h }\ninput: { file: rows.jsonl }\nconcurrency: 10")],
            "--from 2027-01-01T00:00:00Z --for 2h --latency 1s", input: 600)
        #expect(report["lambdas"]?[0]?["lambda"] == "f")
        #expect(report["lambdas"]?[0]?["requests"]?.intValue == 1200)
        #expect(report["lambdas"]?[0]?["hours"]?[0]?["hour"] == "2027-01-01T00:00:00Z")
        #expect(report["lambdas"]?[0]?["hours"]?[0]?["requests"]?.intValue == 600)
    }

    @Test("Suspended jobs are skipped")
    func suspended() async throws {
        let report = try await Self.simulate(
            [("off", "schedule: { every: 1m }\nsuspend: true")], "--from 2027-01-01T00:00:00Z --for 1h")
        #expect(report["runs"]?.intValue == 0)
        #expect(report["jobs"]?[0]?["skipped"]?["suspended"]?.intValue == 60)
    }

    @Test("Text for people, and nothing is sent")
    func text() async throws {
        let sandbox = try await SandboxProcess.start()
        let binary = try BuiltBinary()
        try binary.write(JobFileText(sandbox.url, "schedule: { every: 1m }").text, to: "job.yaml")
        let result = try await binary.run(
            ["simulate", "job.yaml", "--from", "2027-01-01T00:00:00Z", "--for", "1d"])
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.output.contains("1440 runs") || result.output.contains("1,440 runs"))
        #expect(result.output.contains("BUSIEST HOUR"))
        let seen = try sandbox.statistics()
        #expect(seen.requests.values.allSatisfy { $0 == 0 })
        #expect((try? binary.mode(".fnrun")) == nil, "a ledger was made")
    }

    @Test(
        "What is wrong is told",
        arguments: [
            ("", "--for"), ("--for soon", "soon"), ("--for 1d --from never", "never"), ("--for 1d --latency x", "x"),
            ("--for 0y", "0y"),
        ])
    func refusals(arguments: String, words: String) async throws {
        let binary = try BuiltBinary()
        try binary.write(JobFileText("http://127.0.0.1:1", "schedule: { every: 1m }").text, to: "job.yaml")
        let result = try await binary.run(
            ["simulate", "job.yaml"] + arguments.split(separator: " ").map(String.init))
        #expect(result.status == 64, "\(result.errors)")
        #expect(result.errors.contains(words), "\(result.errors)")
    }
}
