import BinarySupport
import Foundation
import Testing

/// A row that failed in one run, was sent again by the next, which was killed before it could record the end: its last
/// record says `failed`, and yet nobody knows whether it ran.
@Suite("Rows in doubt", .serialized)
struct DoubtTests {
    struct Failure: Sendable, CustomTestStringConvertible {
        /// What the sandbox does with the row in the first run, as fates of a sequence.
        var fates: String
        var testDescription: String { fates }
    }

    private static let row = 13
    private static let count = 20

    /// The second time the row is sent it hangs until the process is killed; after that it succeeds.
    private static func script(_ failure: Failure) -> String {
        """
        version: 1
        remember: { payloads: 1000 }
        functions:
          \(JobFileText.function):
            per: function
            match:
              - when: { payload.n: \(row) }
                sequence: [\(failure.fates), hang, ok]

        """
    }

    private static func job(isIdempotent: Bool) -> CrashJob {
        CrashJob(
            rows: count, isIdempotent: isIdempotent, concurrency: 1,
            retry: "{ maxAttempts: 2, initialInterval: 1ms, never: [500] }")
    }

    /// Plays the first two runs: the row fails, then hangs until the process is killed.
    private static func play(_ scene: CrashScene, failure: Failure) async throws {
        let first = try await scene.run()
        #expect(first.status == 1, "\(first.errors)")
        #expect(scene.audit().rows[row]?.outcome == "failed")
        let received = scene.received
        let second = try scene.start()
        try await Polling.until("the row to be sent again") {
            scene.received > received
        }
        second.signal(SIGKILL)
        #expect(await second.result().status == 128 + SIGKILL)
        #expect(scene.audit().rows[row]?.outcome == "failed")
    }

    @Test(
        "A job that is not idempotent: such a row is not sent again, unless --retry-unknown says so",
        arguments: [Failure(fates: "901"), Failure(fates: "500")])
    func careful(failure: Failure) async throws {
        try await CrashScene.with(Self.job(isIdempotent: false), script: Self.script(failure)) { scene in
            try await Self.play(scene, failure: failure)
            let received = scene.received
            for _ in 0..<2 {
                let third = try await scene.run()
                #expect(third.status == 1, "\(third.errors)")
                #expect(scene.received == received)
                let audit = scene.audit()
                #expect(audit.rows[Self.row]?.outcome == "unknown")
                #expect(audit.count("succeeded") == Self.count - 1)
                #expect(audit.problemsAtEnd(expected: Array(0..<Self.count), report: try await scene.report()) == [])
            }
            let last = try await scene.run(["--retry-unknown"])
            #expect(last.status == 0, "\(last.errors)")
            #expect(scene.received == received + 1)
            let audit = scene.audit()
            #expect(audit.count("succeeded") == Self.count)
            #expect(audit.problemsAtEnd(expected: Array(0..<Self.count), report: try await scene.report()) == [])
        }
    }

    @Test("An idempotent job: such a row is sent again")
    func idempotent() async throws {
        let failure = Failure(fates: "901")
        try await CrashScene.with(Self.job(isIdempotent: true), script: Self.script(failure)) { scene in
            try await Self.play(scene, failure: failure)
            let third = try await scene.run()
            #expect(third.status == 0, "\(third.errors)")
            let audit = scene.audit()
            #expect(audit.count("succeeded") == Self.count)
            #expect(audit.problemsAtEnd(expected: Array(0..<Self.count), report: try await scene.report()) == [])
        }
    }
}
