import Testing

@Suite("Kills", .serialized)
struct KillTests {
    struct Scenario: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var job: CrashJob
        var kills: Int
    }

    private static let scenarios = [
        Scenario(
            testDescription: "idempotent", job: .careless(), kills: CrashPlan.kills(short: 7, percent: 35)),
        Scenario(
            testDescription: "not idempotent", job: .careful(), kills: CrashPlan.kills(short: 7, percent: 35)),
        Scenario(
            testDescription: "gzip", job: .careful(feed: .gzip, rows: 200),
            kills: CrashPlan.kills(short: 2, percent: 8)),
        Scenario(
            testDescription: "stdin", job: .careless(feed: .stdin, rows: 200),
            kills: CrashPlan.kills(short: 2, percent: 8)),
        Scenario(
            testDescription: "two shards", job: .careful(shards: 2), kills: CrashPlan.kills(short: 4, percent: 14)),
    ]

    @Test("Whenever fnrun is killed, what it resumes loses nothing and doubles nothing", arguments: scenarios)
    func kill(scenario: Scenario) async throws {
        var seed = CrashPlan.seed
        var kills = 0
        while kills < scenario.kills {
            // Runs may end before they are hit; but not for ever.
            try #require(seed < CrashPlan.seed + 10 * UInt64(scenario.kills))
            let most = min(scenario.kills - kills, 4)
            kills += try await CrashScene.with(scenario.job, seed: seed) { scene in
                try await Self.live(scene, seed: seed, kills: most)
            }
            seed += 1
        }
    }

    /// - Returns: how many kills there were.
    private static func live(_ scene: CrashScene, seed: UInt64, kills: Int) async throws -> Int {
        let shards = scene.job.shards
        return try await withThrowingTaskGroup(of: Int.self) { group in
            for shard in 1...shards {
                group.addTask {
                    var life = CrashLife(scene, shard: shard, seed: seed)
                    try await life.live(kills: (kills + shards - shard) / shards)
                    #expect(life.problems == [])
                    return life.kills
                }
            }
            return try await group.reduce(0, +)
        }
    }
}
