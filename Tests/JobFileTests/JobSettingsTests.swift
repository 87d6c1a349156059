import JSONText
import JobFile
import JobModel
import Templating
import Testing
import Timing

@Suite struct JobSettingsTests {
    private static let text = """
        version: 1
        defaults: { timeout: 20s, headers: { D: "{{ vars.v }}" } }
        vars: { v: 1 }
        lambdas:
          one: { uuid: \(someUUID), concurrency: 3 }
          two: { event: e, idempotent: true }
        jobs:
          a: { lambda: one, schedule: { every: 1h } }
          b: { lambda: one, description: x, mutex: m }
          c: { lambda: two, ping: https://h }
          d: { lambda: one, timeout: 5s }
          e: { lambda: one, payload: "{{ row }}" }
        """

    @Test func jobsThatGiveNoneAreAsThoseThatDo() throws {
        let jobs = try #require(load(Self.text).document?.jobs)
        #expect(jobs.map(\.lambda) == ["one", "one", "two", "one", "one"])
        #expect(jobs.map(\.policy.timeout) == [20, 20, 20, 5, 20].map { .seconds($0) })
        #expect(jobs.map(\.policy.lambdaConcurrency) == [3, 3, nil, 3, 3])
        #expect(jobs.map(\.policy.idempotent) == [false, false, true, false, false])
        #expect(jobs.map { $0.headers.map(\.name) } == Array(repeating: ["D"], count: 5))
        #expect(Set(jobs.map(\.hash)).count == 2)
        #expect(jobs[0].hash != jobs[2].hash)
        #expect(jobs.map(\.description) == [nil, "x", nil, nil, nil])
    }

    @Test func aPayloadCountsTheSameWhateverElseAJobGives() throws {
        let text = """
            version: 1
            vars: { v: 1, w: 2 }
            lambdas: { one: \(someUUID) }
            jobs:
              a: { lambda: one, payload: { x: "{{ vars.v }}" } }
              b: { lambda: one, payload: { x: "{{ vars.v }}" }, timeout: 5s }
              c: { lambda: one, payload: { x: "{{ vars.w }}" } }
              d: { lambda: one, payload: { x: "{{ vars.w }}" }, timeout: 5s }
              e: { lambda: one, payload: { y: "{{ vars.v }}" } }
              f: { lambda: one }
            """
        let jobs = try #require(load(text).document?.jobs)
        #expect(jobs[0].hash == jobs[1].hash && jobs[2].hash == jobs[3].hash)
        #expect(Set(jobs.map(\.hash)).count == 4)
        #expect(jobs.map { $0.payload.use.vars } == [["v"], ["v"], ["w"], ["w"], ["v"], []])
        #expect(jobs.map(\.policy.timeout) == [35, 5, 35, 5, 35, 35].map { .seconds($0) })
    }

    @Test func mistakesOfPayloadsAreReportedInTheirPlaces() {
        let text = """
            version: 1
            jobs:
              a: { lambda: \(someUUID), payload: "{{ nope }}" }
              b: { lambda: \(someUUID), payload: "{{ nope }}" }
              c: { lambda: missing, payload: "{{ nope }}" }
            """
        let result = load(text)
        #expect(
            result.diagnostics.map { "\($0.location?.line ?? 0) \($0.code)" } == [
                "3 bad-template", "4 bad-template", "5 unknown-lambda", "5 bad-template",
            ])
        #expect(result.document == nil)
    }

    @Test func aChangeOfOneJobIsNoneOfOthers() throws {
        var jobs = try #require(load(Self.text).document?.jobs)
        jobs[0].policy.concurrency = 77
        jobs[0].input.source = .items([.null])
        jobs[0].lambda = "other"
        #expect(jobs[0].policy.concurrency == 77 && jobs[1].policy.concurrency == 8)
        #expect(jobs[0].lambda == "other" && jobs[1].lambda == "one")
        guard case .items = jobs[0].input.source, case .none = jobs[1].input.source else {
            Issue.record("unexpected sources \(jobs[0].input.source), \(jobs[1].input.source)")
            return
        }
    }

    @Test func textsThatOnlyLookAlikeAreNotShared() throws {
        let text = """
            version: 1
            jobs:
              a: { lambda: \(someUUID), userId: "\u{E9}", output: x }
              b: { lambda: \(someUUID), userId: "e\u{301}", output: x }
              c: { lambda: \(someUUID), userId: x, output: y }
            """
        let jobs = try #require(load(text).document?.jobs)
        #expect(jobs.map { Array($0.userID.constantText?.utf8 ?? "".utf8).count } == [2, 3, 1])
        #expect(jobs.map(\.output.constantText) == ["x", "x", "y"])
    }

    @Test func mistakesOfWhatIsSharedAreReportedOnceInTheirPlace() {
        let text = """
            version: 1
            defaults: { userId: "{{ nope }}" }
            jobs:
              a: { lambda: \(someUUID) }
              b: { lambda: \(someUUID) }
              c: { lambda: missing }
            """
        let result = load(text)
        #expect(
            result.diagnostics.map { "\($0.location?.line ?? 0) \($0.code)" } == ["2 bad-template", "6 unknown-lambda"])
        #expect(result.document == nil)
    }

    @Test func readsManyJobs() throws {
        var text = "version: 1\njobs:\n"
        for number in 0..<2000 {
            text += "  j\(number): { lambda: \(someUUID), schedule: { every: 1h, phase: \(number)s } }\n"
        }
        let jobs = try #require(load(text).document?.jobs)
        #expect(jobs.count == 2000)
        let hour = Timestamp(seconds: 0) - .microseconds(1)
        #expect(jobs[1234].name == "j1234" && jobs[1234].location.line == 1237)
        #expect(jobs[1234].schedule?.next(after: hour)?.nominalTime == Timestamp(seconds: 1234))
    }
}
