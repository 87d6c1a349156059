import Glibc
import JobModel
import TestSupport
import Testing

@testable import Status

@Suite struct MetricsTests {
    private static func text(_ snapshot: StatusSnapshot, health: Health = .good) -> String {
        let usage = ProcessUsage(
            processorTime: 1_500_000, residentBytes: 1 << 20, virtualBytes: 1 << 30, openDescriptors: 12,
            maximumDescriptors: nil)
        return String(decoding: MetricsPage.bytes(of: snapshot, usage: usage, health: health), as: UTF8.self)
    }

    @Test(arguments: [
        (#"fnrun_build_info{version="1.2.3"}"#, "1"),
        ("fnrun_healthy", "1"),
        (#"fnrun_phase{phase="running"}"#, "1"),
        (#"fnrun_phase{phase="stopping"}"#, "0"),
        ("fnrun_config_last_reload_successful", "1"),
        ("fnrun_config_last_reload_success_timestamp_seconds", "1794999940"),
        ("process_cpu_seconds_total", "1.5"),
        ("process_start_time_seconds", "1794996400"),
        ("process_resident_memory_bytes", "1048576"),
        ("process_open_fds", "12"),
        (#"fnrun_occurrences_total{job="nightly-sync",state="ran",reason="succeeded"}"#, "7"),
        (#"fnrun_occurrences_total{job="nightly-sync",state="ran",reason="crashed"}"#, "0"),
        (#"fnrun_occurrences_total{job="nightly-sync",state="skipped",reason="overlap"}"#, "4"),
        (#"fnrun_occurrences_total{job="nightly-sync",state="missed",reason="window"}"#, "172800"),
        (#"fnrun_occurrences_total{job="idle",state="missed",reason="catchup"}"#, "0"),
        (#"fnrun_occurrence_lateness_seconds_bucket{le="0.002"}"#, "0"),
        (#"fnrun_occurrence_lateness_seconds_bucket{le="0.005"}"#, "1"),
        (#"fnrun_occurrence_lateness_seconds_bucket{le="86400"}"#, "1"),
        (#"fnrun_occurrence_lateness_seconds_bucket{le="+Inf"}"#, "2"),
        ("fnrun_occurrence_lateness_seconds_sum", "172800.003"),
        ("fnrun_occurrence_lateness_seconds_count", "2"),
        (#"fnrun_ledger_write_seconds_bucket{le="0.00025"}"#, "0"),
        (#"fnrun_ledger_write_seconds_bucket{le="0.0005"}"#, "1"),
        ("fnrun_ledger_write_seconds_sum", "0.2004"),
        ("fnrun_ledger_write_seconds_count", "2"),
        ("fnrun_ledger_write_failures_total", "1"),
        (#"fnrun_runs_in_progress{job="nightly-sync"}"#, "1"),
        (#"fnrun_runs_in_progress{job="idle"}"#, "0"),
        (#"fnrun_occurrences_waiting{job="nightly-sync"}"#, "3"),
        (#"fnrun_job_suspended{job="idle"}"#, "1"),
        (#"fnrun_job_next_fire_timestamp_seconds{job="nightly-sync"}"#, "1795000005.25"),
        (#"fnrun_job_last_success_timestamp_seconds{job="nightly-sync"}"#, "1794910000"),
        (#"fnrun_invocations_total{job="nightly-sync",outcome="succeeded",class="none"}"#, "40"),
        (#"fnrun_invocations_total{job="nightly-sync",outcome="failed",class="rateLimited"}"#, "2"),
        (#"fnrun_invocations_total{job="nightly-sync",outcome="unknown",class="timeout"}"#, "1"),
        ("fnrun_attempts_total", "51"),
        ("fnrun_attempts_in_flight", "8"),
        ("fnrun_retries_total", "8"),
        ("fnrun_retries_waiting", "2"),
        ("fnrun_retry_budget_waiting", "1"),
        (#"fnrun_token_renewals_total{account="12345678"}"#, "2"),
        (#"fnrun_account_state{account="99",state="refused"}"#, "1"),
        (#"fnrun_account_state{account="99",state="ready"}"#, "0"),
        (#"fnrun_token_remaining_seconds{account="12345678"}"#, "1800"),
        (#"fnrun_hooks_total{result="dropped"}"#, "0"),
    ])
    func says(sample: String, value: String) throws {
        let metrics = try MetricsText(Self.text(StatusSamples.busy()))
        #expect(metrics[sample] == value)
    }

    @Test func leavesOutWhatIsNotKnown() throws {
        let metrics = try MetricsText(Self.text(StatusSnapshot(version: "1", startedAt: StatusSamples.now)))
        #expect(metrics.samples.keys.allSatisfy { !$0.contains("job=") })
        #expect(metrics.types["fnrun_config_last_reload_successful"] == nil)
        #expect(metrics.types["process_max_fds"] == nil)
        #expect(metrics["fnrun_occurrence_lateness_seconds_count"] == "0")
        let busy = try MetricsText(Self.text(StatusSamples.busy(), health: .overdue(since: StatusSamples.now)))
        #expect(busy[#"fnrun_job_next_fire_timestamp_seconds{job="idle"}"#] == nil)
        #expect(busy["fnrun_healthy"] == "0")
    }

    @Test func escapesLabelValues() throws {
        var snapshot = StatusSamples.idle()
        snapshot.jobs = [JobStatus(name: "a\"b\\c\nd ü", file: "", schedule: "")]
        let metrics = try MetricsText(Self.text(snapshot))
        #expect(metrics[#"fnrun_runs_in_progress{job="a\"b\\c\nd ü"}"#] == "0")
    }

    @Test func labelsAreOfClosedSets() throws {
        let allowed: [String: Set<String>] = [
            "outcome": Set(Outcome.allCases.map(\.rawValue)),
            "class": Set(ErrorClass.allCases.map(\.rawValue) + ["none"]),
            "reason": Set(OccurrenceTally.End.allCases.map(\.reason)),
            "state": ["ran", "skipped", "missed", "preparing", "ready", "refused", "unreachable"],
            "phase": ["starting", "running", "stopping"], "result": ["delivered", "failed", "dropped"],
            "job": ["nightly-sync", "idle"], "account": ["12345678", "99"], "version": ["1.2.3"],
        ]
        for sample in try MetricsText(Self.text(StatusSamples.busy())).samples.keys {
            guard let brace = sample.firstIndex(of: "{") else { continue }
            for label in sample[sample.index(after: brace)...].dropLast().split(separator: ",") {
                let parts = label.split(separator: "=")
                if parts[0] == "le" { continue }
                #expect(
                    allowed[String(parts[0])]?.contains(String(parts[1].dropFirst().dropLast())) == true, "\(sample)")
            }
        }
    }

    /// Two samples of one series would make Prometheus refuse the page.
    @Test func clientsOfOneAccountAreOneLine() {
        let ready = AccountStatus(id: "1", state: .ready(tokenGeneration: 2), tokenLeft: .seconds(50), renewals: 2)
        let states: [GatewayState] = [
            .ready(tokenGeneration: 1), .preparing, .unreachable("no route"), .refused("wrong secret"),
        ]
        for (rank, state) in states.enumerated() {
            let other = AccountStatus(id: "1", state: state, tokenLeft: rank == 0 ? .seconds(40) : nil, renewals: 1)
            var (one, two) = (ready, other)
            one.add(other)
            two.add(ready)
            for sum in [one, two] {
                #expect(sum.stateName == AccountStatus.stateNames[[1, 0, 3, 2][rank]])
                #expect(sum.tokenLeft == .seconds(rank == 0 ? 40 : 50))
                #expect(sum.tokenRenewals == 3 && sum.inFlight == 2)
            }
        }
    }

    @Test(arguments: [0, 1])
    func everyEndIsCountedByItself(_ offset: Int) {
        var tally = OccurrenceTally()
        for (number, end) in OccurrenceTally.End.allCases.enumerated() { tally[end] += number + offset }
        for (number, end) in OccurrenceTally.End.allCases.enumerated() { #expect(tally[end] == number + offset) }
        #expect(OccurrenceTally.End.allCases.count == 8)
        #expect(tally.ran + tally.skipped + tally.missed == 28 + 8 * offset)
    }

    @Test func histogramsCountWhatIsOnABoundBelowIt() {
        var histogram = DurationHistogram(bounds: [.milliseconds(1), .seconds(1)])
        for duration: Duration in [.seconds(-5), .zero, .milliseconds(1), .microseconds(1001), .seconds(1)] {
            histogram.record(duration)
        }
        histogram.record(.seconds(Int64.max))
        #expect(histogram.counts == [3, 2, 1])
        #expect(histogram.count == 6)
        histogram.record(.seconds(Int64.max))
        #expect(histogram.sum == .max)
    }

    @Test func readsWhatTheProcessTakes() {
        let usage = ProcessUsage.current()
        #expect(usage.processorTime > 0)
        #expect(usage.residentBytes ?? 0 > 1 << 20)
        #expect(usage.virtualBytes ?? 0 >= usage.residentBytes ?? 0)
        #expect(usage.openDescriptors ?? 0 >= 3)
        #expect(usage.maximumDescriptors ?? 1 > 0)
    }
}

/// Prometheus' own checker.
@Suite struct PromtoolTests {
    private static let places: [String] = ["/usr/local/bin/promtool", "/usr/bin/promtool"]
    static let tool = places.first { access($0, X_OK) == 0 }

    @Test func findsNothingWrong() throws {
        var odd = StatusSamples.busy()
        odd.jobs.append(JobStatus(name: "odd \"name\"\\\n", file: "", schedule: ""))
        for snapshot in [StatusSamples.busy(), StatusSamples.idle(), odd] {
            let metrics = MetricsPage.bytes(of: snapshot, usage: ProcessUsage.current(), health: .good)
            let (status, output) = try Self.check(metrics)
            #expect(status == 0)
            #expect(output == "")
        }
    }

    /// The gate itself: it would find a fault.
    @Test func findsAFault() throws {
        #expect(try Self.check(Array("# TYPE fnrun_x counter\nfnrun_x{a=\"1} 2\n".utf8)).status != 0)
        #expect(try Self.check(Array("# TYPE fnrun_x counter\nfnrun_x 2\n".utf8)).status != 0)
    }

    private static func check(_ metrics: [UInt8]) throws -> (status: Int32, output: String) {
        let folder = try TemporaryFolder()
        let path = try folder.write("metrics", metrics)
        let tool = try #require(tool, "scripts/setup installs promtool")
        let stream = try #require(popen("\(tool) check metrics < \(path) 2>&1", "r"))
        var output: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = fread(&buffer, 1, buffer.count, stream)
            guard count > 0 else { break }
            output += buffer[..<count]
        }
        return (pclose(stream), String(decoding: output, as: UTF8.self))
    }
}

extension AccountStatus {
    fileprivate init(id: String, state: GatewayState, tokenLeft: Duration?, renewals: Int) {
        self.init(id: id, state: state)
        self.tokenLeft = tokenLeft
        tokenRenewals = renewals
        inFlight = 1
    }
}
