import JSONText
import JobModel
import Testing

@testable import Sandbox

@Suite struct RateMeterTests {
    private func peak(_ times: [Int64]) -> Int {
        var meter = RateMeter()
        for time in times { meter.record(at: MonotonicInstant(nanoseconds: time * 1_000_000)) }
        return meter.peak
    }

    @Test(arguments: [
        ([], 0), ([5], 1), ([0, 500, 989], 3), ([0, 500, 1000], 2), ([0, 1, 2, 5000, 5001], 3),
        ([0, 0, 990, 1000, 1980, 1990], 3), ([0, 100_000, 100_001], 2),
    ])
    func seesTheBusiestSecond(times: [Int64], expected: Int) {
        #expect(peak(times) == expected)
    }

    @Test func neverOvercountsAnEvenRate() {
        // 50 a second for a minute, at every phase of the buckets.
        for phase in 0..<20 as Range<Int64> {
            #expect(peak((0..<3000).map { phase + $0 * 20 }) == 50)
        }
    }
}

@Suite struct RequestMemoryTests {
    private func id(_ number: Int) throws -> UUIDKey {
        let text = String(number)
        return try #require(
            UUIDKey("018f2f0e-5f2b-7c3d-8e4f-" + String(repeating: "0", count: 12 - text.count) + text))
    }

    @Test func forgetsTheOldestFirst() throws {
        var memory = RequestMemory(capacity: 2)
        #expect(memory.arrive(try id(1), fingerprint: 1).attempt == 1)
        #expect(memory.arrive(try id(2), fingerprint: 1).attempt == 1)
        #expect(memory.arrive(try id(1), fingerprint: 1).attempt == 2)
        #expect(memory.arrive(try id(3), fingerprint: 1).attempt == 1)
        #expect(memory.arrive(try id(2), fingerprint: 1).attempt == 2)
        #expect(memory.arrive(try id(1), fingerprint: 2).attempt == 1)
        #expect(memory.arrive(try id(1), fingerprint: 2).isReused == false)
        #expect(memory.distinct == 4)
    }

    @Test func tellsRepetitionsFromReuse() throws {
        var memory = RequestMemory(capacity: 2)
        #expect(memory.arrive(try id(1), fingerprint: 1).isReused == false)
        #expect(memory.arrive(try id(1), fingerprint: 2).isReused)
        #expect(memory.nextStep(try id(1)) == 0)
        #expect(memory.nextStep(try id(1)) == 1)
        for _ in 0..<3 { memory.execute(try id(1)) }
        memory.execute(try id(9))
        #expect(memory.duplicates == 1)
    }

    @Test func canRememberNothing() throws {
        var memory = RequestMemory(capacity: 0)
        #expect(memory.arrive(try id(1), fingerprint: 1).attempt == 1)
        #expect(memory.arrive(try id(1), fingerprint: 2).isReused == false)
        memory.execute(try id(1))
        #expect(memory.duplicates == 0)
    }
}

@Suite struct TokenBookTests {
    @Test func forgetsTheOldestOfVeryMany() {
        var book = TokenBook()
        var random = SystemRandomNumberGenerator()
        let now = MonotonicInstant(nanoseconds: 0)
        let script = TokenScript(isOpaque: true)
        let tokens = (0..<10_001).map { _ in
            book.issue(
                account: "1", clientID: "a", script: script, wall: Timestamp(seconds: 0), now: now, random: &random)
        }
        func isAccepted(_ token: String) -> Bool {
            if case .accepted = book.check(token, account: "1", script: script, now: now) { true } else { false }
        }
        #expect(!isAccepted(tokens[0]))
        #expect(isAccepted(tokens[1]))
        #expect(isAccepted(tokens[10_000]))
    }
}

@Suite struct BehaviourTests {
    @Test func latencyIsSpreadEvenly() {
        let latency = Latency(minimum: .milliseconds(10), maximum: .milliseconds(20))
        #expect(latency.duration(for: 0) == .milliseconds(10))
        #expect(latency.duration(for: .max) < .milliseconds(20))
        #expect(latency.duration(for: .max) > .milliseconds(19))
        #expect(latency.duration(for: 1 << 63) == .milliseconds(15))
        let fixed = Latency(minimum: .milliseconds(10), maximum: .milliseconds(10))
        #expect(fixed.duration(for: .max) == .milliseconds(10))
    }

    @Test(arguments: [(0.0, 0), (1.0, 1000), (0.5, 500), (0.01, 10)])
    func failuresKeepToTheirRate(rate: Double, expected: Int) {
        let behaviour = Behaviour(failures: Behaviour.FailureRate(rate: rate, fates: [Fate(.reset)], seed: 3))
        let failed = (0..<1000).count { behaviour.fate(step: 0, arrival: $0).kind == .reset }
        #expect(abs(failed - expected) <= (rate == 0 || rate == 1 ? 0 : 50))
    }

    @Test func sequenceGoesBeforeAfterwardsAndChance() {
        let failures = Behaviour.FailureRate(rate: 1, fates: [Fate(.reset)])
        var behaviour = Behaviour(sequence: [Fate(.hang)], afterwards: Fate(.close), failures: failures)
        #expect(behaviour.fate(step: 0, arrival: 0).kind == .hang)
        #expect(behaviour.fate(step: 1, arrival: 1).kind == .close)
        behaviour.afterwards = nil
        #expect(behaviour.fate(step: 1, arrival: 1).kind == .reset)
    }
}

@Suite struct StatisticsTests {
    @Test func areWrittenAsJSON() throws {
        var statistics = SandboxStatistics()
        statistics.requests = [.invoke: 3, .token: 1]
        statistics.statuses = [901: 1, 200: 2]
        statistics.faults = ["reset": 1]
        statistics.payloads = SandboxStatistics.Payloads(distinct: 2, repeated: 1, forgotten: 0)
        statistics.targets["t"] = SandboxStatistics.Target()
        statistics.deviationCount = 1
        statistics.deviationsByRule = [.body: 1]
        statistics.deviations = [
            Deviation(time: Timestamp(seconds: 0), endpoint: .invoke, rule: .body, message: "a \"b\"")
        ]
        let expected =
            #"{"platform":"v1","connections":{"accepted":0,"open":0},"#
            + #""requests":{"domainApi":0,"token":1,"invoke":3,"event":0,"other":0},"statuses":{"200":2,"901":1},"#
            + #""faults":{"reset":1},"tokens":{"requested":1,"issued":0,"revoked":0,"credentialsRejected":0},"#
            + #""unauthorized":0,"invocations":{"received":3,"executed":0,"inFlight":0,"maxInFlight":0,"#
            + #""peakPerSecond":0,"distinctRequestIds":0,"duplicateRequestIds":0},"#
            + #""payloads":{"distinct":2,"repeated":1,"forgotten":0},"#
            + #""targets":{"t":{"received":0,"executed":0,"maxInFlight":0,"peakPerSecond":0}},"deviationCount":1,"#
            + #""deviationsByRule":{"body":1},"deviations":[{"time":"1970-01-01T00:00:00.000Z","endpoint":"invoke","#
            + #""rule":"body","message":"a \"b\""}]}"#
        #expect(String(decoding: statistics.json, as: UTF8.self) == expected)
    }

    @Test func areServed() async throws {
        try await TestSandbox.with { sandbox in
            let token = try sandbox.token()
            _ = try sandbox.send(sandbox.invocation(token))
            let answer = try sandbox.send(sandbox.get("/__stats"))
            #expect(answer.headers["content-type"] == "application/json")
            let json = try answer.json
            #expect(json["invocations"]?["executed"] == 1)
            #expect(json["requests"]?["other"] == 0, "looking does not count")
            #expect(json["connections"]?["accepted"] == 3)
            #expect(json["targets"]?[TestSandbox.function]?["peakPerSecond"] == 1)
        }
    }
}
