import BinarySupport
import Foundation
import JSONText
import Testing

@Suite("The clock is set while the daemon runs")
struct ClockStepTests {
    /// A job every second, and one at a time that a zone's clocks skip or repeat.
    private static func file(_ url: String, nightly: String) -> JobFileText {
        var file = JobFileText(url)
        let payload = "payload: \"{{ job.name }} {{ run.nominalTime }}\"\ncatchup: latest\ncatchupWindow: 6h"
        file.jobs = [
            ("ticking", "schedule: { every: 1s }\n\(payload)"),
            ("nightly", "schedule: { cron: \"\(nightly)\", timeZone: Europe/Berlin }\n\(payload)"),
        ]
        return file
    }

    @Test(
        "Two hours forward, back, and forward again, over a change to or from summer time: nothing runs twice",
        arguments: [
            // 02:30 does not exist that night, and runs when the clocks jump to 03:00.
            (start: "2027-03-28T00:58:00Z", nightly: "30 2 * * *", nominal: "2027-03-28T01:00:00Z"),
            // 02:30 exists twice, and runs the first time.
            (start: "2027-10-31T00:28:00Z", nightly: "30 2 * * *", nominal: "2027-10-31T00:30:00Z"),
        ])
    func twoHours(start: String, nightly: String, nominal: String) async throws {
        let sandbox = try await SandboxProcess.start(script: "remember: { payloads: 10000 }")
        var binary = try BuiltBinary()
        let clock = try SteppedClock(in: binary.folder, at: start)
        for (name, value) in clock.environment { binary.environment[name] = value }
        try binary.write(Self.file(sandbox.url, nightly: nightly).text, to: "job.yaml")
        let daemon = try binary.start(["schedule", "job.yaml"])
        try await daemon.waitForEnds(1, of: "ticking")
        try clock.step(to: 7200)
        try await daemon.waitFor("the clock was set forward")
        try await daemon.waitForEnds(1, of: "nightly")
        let ends = daemon.ends(of: "ticking")
        try await daemon.waitForEnds(ends + 2, of: "ticking")
        try clock.step(to: 0)
        try await daemon.waitFor("the clock was set back")
        try await daemon.waitFor("ahead of the clock")
        let executed = try sandbox.statistics().invocations.executed
        // What the daemon looked at in the past, it has looked at by now.
        daemon.signal(SIGUSR1)
        try await daemon.waitFor("2 jobs; since")
        #expect(try sandbox.statistics().invocations.executed == executed)
        try clock.step(to: 7200)
        try await daemon.waitForEnds(daemon.ends(of: "ticking") + 2, of: "ticking")
        let result = await binary.stop(daemon)
        #expect(result.status == 0, "\(result.errors)")
        let lines = try await binary.history()
        #expect(lines.of("ticking").faults(every: 1_000_000) == [])
        #expect(lines.of("nightly").filter { $0.state == "ran" }.map(\.nominalTime) == [nominal])
        #expect(lines.of("nightly").first { $0.state == "ran" }?.latenessMs ?? 0 > 60_000)
        #expect(lines.of("ticking").contains { $0.fate.hasPrefix("missed catchup") && $0.number > 7000 })
        let seen = try sandbox.statistics()
        #expect(seen.payloads?.repeated == 0 && seen.invocations.executed == lines.count { $0.state == "ran" })
    }
}
