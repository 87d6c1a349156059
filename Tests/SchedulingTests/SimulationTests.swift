import JobModel
import Scheduling
import TestSupport
import Testing

/// The scheduler under a clock that jumps.
@Suite struct SimulationTests {
    private let zero = Timestamp(seconds: Scenario.zero)

    private func simulate(
        _ jobs: [ScheduledJob], hours: Int64 = 1, seconds: @escaping (Int, OccurrenceID) -> Int64,
        onEvent: @escaping (Timestamp, SimulationEvent) -> Void = { _, _ in }
    ) -> SimulationReport {
        var simulation = Simulation(
            jobs: jobs, from: zero, to: zero + .seconds(hours * 3600), random: SeededGenerator(seed: 1),
            duration: { .seconds(seconds($0, $1)) }, onEvent: onEvent)
        return simulation.run()
    }

    @Test(arguments: OverlapPolicy.allCases) func aMinuteWiseJobOfNinetySeconds(_ overlap: OverlapPolicy) {
        let report = simulate([Scenario.job("a") { $0.overlap = overlap }], seconds: { _, _ in 90 })
        let peak = overlap == .allowAll ? 2 : 1
        #expect(report.jobs[0].runs + report.jobs[0].skipped.values.reduce(0, +) + report.jobs[0].waitingAtEnd == 60)
        #expect(report.peakConcurrency == peak)
        #expect(report.jobs[0].peakConcurrency == peak)
        switch overlap {
        case .skip:
            // One of two: a run of 90 seconds is in the way of the next alone.
            #expect(report.jobs[0].runs == 30)
            #expect(report.jobs[0].skipped == [.overlap: 30])
            #expect(report.jobs[0].blockingRunCount == 30)
            #expect(report.jobs[0].blockingRuns.count == 10)
            #expect(report.jobs[0].blockingRuns.allSatisfy { $0.skipped == 1 })
        case .bufferOne, .bufferAll:
            #expect(report.jobs[0].runs == 40)
            #expect(report.jobs[0].waited >= 39)
        case .cancelOther:
            #expect(report.jobs[0].runs == 60)
        case .allowAll:
            #expect(report.jobs[0].runs == 60)
            #expect(report.jobs[0].goingAtEnd == 1)
        }
    }

    @Test func blockingRunsAreNamed() {
        let slow = OccurrenceID(job: "a", nominalTime: zero + .seconds(600))
        let report = simulate([Scenario.job("a")], seconds: { _, occurrence in occurrence == slow ? 400 : 61 })
        let worst = report.jobs[0].blockingRuns.first
        #expect(worst?.occurrence == slow)
        #expect(worst?.skipped == 6)
        #expect(report.jobs[0].longestLateness == .zero)
    }

    @Test func mutexesNameTheOtherJob() {
        let jobs = ["a", "b"].map { name in Scenario.job(name) { $0.mutexes = ["m"] } }
        let report = simulate(jobs, seconds: { _, _ in 20 })
        #expect(report.jobs.map(\.runs) == [60, 60])
        #expect(report.jobs.map(\.waited) == [0, 60])
        #expect(report.jobs[1].longestLateness == .seconds(20))
        #expect(report.peakConcurrency == 1)
    }

    @Test func runsThatEndAsTheNextIsDueAreNotInTheWay() {
        let report = simulate([Scenario.job("a")], seconds: { _, _ in 60 })
        #expect(report.jobs[0].runs == 60)
        #expect(report.jobs[0].skipped.isEmpty)
    }

    @Test func theBeginningCountsAndTheEndDoesNot() {
        var times: [Int64] = []
        let report = simulate([Scenario.job("a", every: 1800) { $0.catchUp = .none }], seconds: { _, _ in 1 }) {
            if case .started(let start) = $1 { times.append(start.occurrence.nominalTime.seconds - Scenario.zero) }
        }
        #expect(times == [0, 1800])
        #expect(report.runs == 2)
        #expect(report.jobs[0].missed.isEmpty)
    }

    @Test func peaksAreTimed() {
        let jobs = [Scenario.job("a", every: 600), Scenario.job("b", every: 900), Scenario.job("c", every: 1800)]
        let report = simulate(jobs, seconds: { job, _ in job == 0 ? 310 : 5 })
        #expect(report.peakConcurrency == 3)
        #expect(report.peakTime == zero)
        let empty = simulate([], seconds: { _, _ in 1 })
        #expect(empty.runs == 0 && empty.peakTime == nil)
    }

    @Test func suspendedJobsAreCounted() {
        let report = simulate([Scenario.job("a") { $0.isSuspended = true }], seconds: { _, _ in 1 })
        #expect(report.jobs[0].skipped == [.suspended: 60])
    }

    @Test func eventsAreOrderedAndRepeatable() {
        func trace() -> [String] {
            var trace: [String] = []
            var last = Timestamp(microseconds: .min)
            let jobs = (0..<5).map { index in
                Scenario.job("j\(index)", every: Int64(20 + index), jitter: 7) {
                    $0.overlap = OverlapPolicy.allCases[index]
                    $0.mutexes = index % 2 == 0 ? ["m"] : []
                }
            }
            _ = simulate(jobs, seconds: { job, _ in job == 3 ? 50 : 13 }) { time, event in
                #expect(time >= last)
                last = time
                trace.append("\(time.microseconds) \(event)")
            }
            return trace
        }
        let first = trace()
        #expect(first.count > 1000)
        #expect(first == trace())
    }

    @Test func aLongSimulationOfAQuietJob() {
        let report = simulate([Scenario.job("a", every: 86_400 * 7)], hours: 24 * 365 * 5, seconds: { _, _ in 5 })
        #expect((260...262).contains(report.runs))
    }
}
