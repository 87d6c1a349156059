import JSONText
import JobModel
import TestSupport
import Testing

@testable import Status

@Suite struct StatusResponderTests {
    private static func responder(_ snapshot: StatusSnapshot, after duration: Duration = .zero) -> StatusResponder {
        let time = ManualTimeSource(wall: StatusSamples.now)
        time.advance(by: duration)
        return StatusResponder(source: SettableSource(snapshot), time: time)
    }

    private static func json(_ response: StatusResponse) throws -> JSONObject {
        guard case .object(let object) = try JSONParser.parse(response.body) else { return JSONObject() }
        return object
    }

    @Test(arguments: [
        ("GET", "/", 200), ("HEAD", "/", 200), ("GET", "/metrics", 200), ("GET", "/metrics?x=1", 200),
        ("GET", "/status.json", 200), ("GET", "/healthz", 200), ("GET", "/readyz", 200), ("GET", "/nothing", 404),
        ("GET", "/metrics/", 404), ("GET", "", 404), ("GET", "/../etc/passwd", 404), ("GET", "//", 404),
        ("POST", "/metrics", 405), ("DELETE", "/", 405), ("OPTIONS", "*", 405), ("get", "/", 405),
    ])
    func answers(method: String, target: String, status: Int) {
        #expect(Self.responder(StatusSamples.busy()).answer(method, target).status.rawValue == status)
    }

    @Test func healthzTurnsRedWithAReason() throws {
        var snapshot = StatusSamples.idle()
        let good = Self.responder(snapshot).answer("GET", "/healthz")
        #expect(String(decoding: good.body, as: UTF8.self) == "{\"status\":\"ok\"}\n")
        #expect(good.contentType == "application/json")
        let stuck = Self.responder(snapshot, after: .seconds(11)).answer("GET", "/healthz")
        #expect(stuck.status == .unavailable)
        #expect(try Self.json(stuck)["status"] == .string("stuck"))
        snapshot.pulse?.nextDue = StatusSamples.now
        let overdue = Self.responder(snapshot, after: .seconds(11)).answer("GET", "/healthz")
        #expect(overdue.status == .unavailable)
        #expect(try Self.json(overdue)["status"] == .string("overdue"))
        #expect(try Self.json(overdue)["since"] == .string(StatusSamples.now.rfc3339()))
        #expect(Self.responder(snapshot, after: .seconds(9)).answer("GET", "/healthz").status == .ok)
    }

    @Test(arguments: [
        (StatusSnapshot.Phase.starting, 0, "starting", 503), (.running, 0, "ready", 200),
        (.running, 60, "unhealthy", 503), (.stopping, 0, "stopping", 503),
    ])
    func readyzFollowsThePhase(phase: StatusSnapshot.Phase, after: Int, word: String, status: Int) throws {
        var snapshot = StatusSamples.idle()
        snapshot.phase = phase
        let response = Self.responder(snapshot, after: .seconds(after)).answer("GET", "/readyz")
        #expect(response.status.rawValue == status)
        #expect(try Self.json(response)["status"] == .string(word))
    }

    @Test(arguments: [("/healthz", 0), ("/readyz", 0), ("/status.json", 1), ("/metrics", 1), ("/", 1)])
    func healthChecksCostNoSnapshotOfAllJobs(target: String, snapshots: Int) {
        let source = SettableSource(StatusSamples.busy())
        let responder = StatusResponder(source: source, time: ManualTimeSource(wall: StatusSamples.now))
        #expect(responder.answer("GET", target).status == .ok)
        #expect(source.snapshotsTaken == snapshots)
    }

    @Test func metricsHaveTheirContentType() throws {
        let response = Self.responder(StatusSamples.busy()).answer("GET", "/metrics")
        #expect(response.contentType == "text/plain; version=0.0.4; charset=utf-8")
        #expect(try MetricsText(String(decoding: response.body, as: UTF8.self))["fnrun_attempts_total"] == "51")
    }

    @Test func statusJSONHoldsAllOfIt() throws {
        let object = try Self.json(Self.responder(StatusSamples.busy()).answer("GET", "/status.json"))
        #expect(object["version"] == .string("1.2.3"))
        #expect(object["phase"] == .string("running"))
        #expect(object["healthy"] == .bool(true))
        #expect(object["problem"] == nil)
        guard case .array(let jobs) = object["jobs"], case .object(let job) = jobs[0],
            case .object(let other) = jobs[1],
            case .object(let last) = job["last"], case .array(let going) = job["going"],
            case .object(let run) = going[0],
            case .object(let invocations) = job["invocations"], case .array(let accounts) = object["accounts"],
            case .object(let account) = accounts[1]
        else { return #expect(Bool(false), "not of the shape that was expected") }
        #expect(job["name"] == .string("nightly-sync"))
        #expect(job["nextFire"] == .string((StatusSamples.now + .milliseconds(5250)).shortestRFC3339))
        #expect(job["missed"] == .number(JSONNumber(172_800)))
        #expect(last["state"] == .string("ran"))
        #expect(last["result"] == .string("failed"))
        #expect(last["reason"] == nil)
        #expect(last["latenessMs"] == .number(JSONNumber(1500)))
        #expect(run["finished"] == .number(JSONNumber(42)))
        #expect(invocations["failed"] == .number(JSONNumber(2)))
        #expect(other["suspended"] == .bool(true))
        #expect(other["last"] == nil)
        #expect(account["state"] == .string("refused"))
        #expect(account["problem"] == .string("the secret <is> wrong"))
    }

    @Test func statusJSONOfASpanAndOfASkip() throws {
        var snapshot = StatusSamples.busy()
        var entry = LedgerEntry(job: "idle", nominalTime: StatusSamples.now - .seconds(60), state: .skipped(.suspended))
        entry.lastNominalTime = StatusSamples.now
        entry.count = 61
        snapshot.jobs[1].last = entry
        let bytes = StatusJSON.bytes(
            of: snapshot, now: StatusSamples.now, monotonicNow: MonotonicInstant(nanoseconds: 0))
        let text = String(decoding: bytes, as: UTF8.self)
        #expect(text.contains(#""count":61,"state":"skipped","reason":"suspended"}"#))
    }

    @Test func thePageEscapesEverything() {
        var snapshot = StatusSamples.busy()
        let attack = "<script>alert(\"x\")</script>'&\u{0}"
        snapshot.version = attack
        snapshot.reload?.problem = attack
        snapshot.accounts[1].state = .unreachable(attack)
        snapshot.accounts[0].id = attack
        snapshot.jobs[0].name = attack
        snapshot.jobs[0].file = attack
        snapshot.jobs[0].schedule = attack
        snapshot.jobs[0].going[0].runID = attack
        let page = String(decoding: Self.responder(snapshot).answer("GET", "/").body, as: UTF8.self)
        #expect(!page.contains("<script"))
        #expect(!page.contains("\u{0}"))
        #expect(page.contains("title=\"&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;&#39;&amp;\u{FFFD}\""))
        #expect(page.hasSuffix("</body></html>\n"))
        let count = page.components(of: "&lt;script&gt;")
        // The name stands in two tables.
        #expect(count == 9)
    }

    @Test func thePageShowsWhatMatters() {
        let page = String(decoding: Self.responder(StatusSamples.busy()).answer("GET", "/").body, as: UTF8.self)
        for text in [
            "fnrun 1.2.3", "running", "up 1h", "nightly-sync", "15 2 * * 1-5 Europe/Berlin", "in 5s", "failed 2h ago",
            "suspended", "172800", "0191-run", "ready", "refused: the secret &lt;is&gt; wrong", "30m", "51 attempts",
        ] {
            #expect(page.contains(text), "\(text)")
        }
    }

    @Test func thePageIsRedWhenTheSchedulerIsStuck() {
        let page = Self.responder(StatusSamples.busy(), after: .seconds(60)).answer("GET", "/")
        #expect(String(decoding: page.body, as: UTF8.self).contains("has not been handled"))
    }

    @Test func ofTooManyJobsThePageShowsThoseThatSomethingIsUpWith() {
        var snapshot = StatusSamples.idle()
        snapshot.jobs = (0..<StatusPage.jobLimit + 100).map { number in
            var job = JobStatus(name: "job\(number)", file: "", schedule: "")
            job.nextFire = StatusSamples.now + .seconds(10_000 - number)
            return job
        }
        snapshot.jobs[3].waiting = 1
        let selection = StatusPage.selection(of: snapshot.jobs).map(\.name)
        #expect(selection.count == StatusPage.jobLimit)
        #expect(selection.first == "job3")
        #expect(selection.dropFirst().first == "job599")
        #expect(!selection.contains("job0"))
        let page = String(decoding: Self.responder(snapshot).answer("GET", "/").body, as: UTF8.self)
        #expect(page.contains("500 of 600 jobs"))
    }

    @Test(arguments: [
        (0, "0s"), (59, "59s"), (3599, "59m59s"), (3600, "1h"), (7325, "2h2m"), (90_000, "1d1h"), (-5, "0s"),
    ])
    func durationsAreRough(seconds: Int, text: String) {
        #expect(StatusPage.rough(.seconds(seconds)) == text)
    }
}

extension String {
    /// How often a text occurs.
    fileprivate func components(of text: String) -> Int {
        var count = 0
        var rest = self[...]
        while let range = rest.firstRange(of: text) {
            count += 1
            rest = rest[range.upperBound...]
        }
        return count
    }
}
