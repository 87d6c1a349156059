import Execution
import JobModel
import TestSupport
import Testing

/// What a wait for the retry budget does to invocations and what it does not.
@Suite struct BudgetWaitTests {
    private func policy(_ edit: (inout RunPolicy) -> Void = { _ in }) -> RunPolicy {
        var policy = RunPolicy()
        policy.retry.jitter = .none
        edit(&policy)
        return policy
    }

    @Test func retriesOverBudgetWaitAndDoNotFailForThat() {
        let world = VirtualWorld()
        let run = world.add(
            VirtualRun(
                rows: 100,
                policy: policy {
                    $0.concurrency = 100
                    $0.adaptive = false
                    $0.retry.initialInterval = .milliseconds(10)
                    $0.retry.maxElapsed = .seconds(2)
                },
                answer: { $0.attempt == 1 ? .status(500) : .status(200) }))
        var shown: [RunProgress] = []
        for time in [Duration.milliseconds(5), .milliseconds(500)] {
            world.after(time) { shown.append(run.machine.progress) }
        }
        world.finish()
        #expect(world.violations.isEmpty)
        #expect(run.end?.counts.succeeded == 100)
        #expect(run.endedAt > 3_000_000_000)
        #expect(shown.map(\.overBudget) == [0, 100 - shown[1].retries] && shown[1].retries >= 10)
        #expect(shown[1].waiting == shown[1].overBudget)
        #expect(run.machine.progress.overBudget == 0)
    }

    /// The wait for the budget is over when such a retry fails: what it took still does not count.
    @Test func failuresAfterAWaitForTheBudgetHaveTheirTimeToo() {
        let world = VirtualWorld()
        let run = world.add(
            VirtualRun(
                rows: 100,
                policy: policy {
                    $0.concurrency = 100
                    $0.adaptive = false
                    $0.retry.initialInterval = .milliseconds(10)
                    $0.retry.maxElapsed = .seconds(2)
                },
                answer: { $0.attempt <= 2 ? .status(500) : .status(200) }))
        world.finish()
        #expect(world.violations.isEmpty)
        #expect(run.end?.counts.succeeded == 100)
        #expect(run.endedAt > 9_000_000_000)
    }

    @Test func exactlyTheWaitForTheBudgetIsAddedToMaxElapsed() {
        let world = VirtualWorld()
        // Ten retries start at once, five a second later; then all wait for a token that does not come.
        let run = world.add(
            VirtualRun(
                rows: 15,
                policy: policy {
                    $0.concurrency = 15
                    $0.retry.initialInterval = .milliseconds(10)
                    $0.retry.maxElapsed = .seconds(3)
                },
                answer: { $0.attempt == 1 ? .status(500) : .status(401) }))
        world.finish()
        #expect(world.violations.isEmpty)
        let durations = run.results.map { $0.duration.wholeNanoseconds }.sorted()
        #expect(durations == Array(repeating: 3_000_000_001, count: 10) + Array(repeating: 4_000_000_001, count: 5))
    }

    /// The budget has let go of a retry that then waits for something else, for which `maxElapsed` does not wait.
    @Test(arguments: [
        (Duration.seconds(3), Duration.nanoseconds(4_000_000_001)),
        // Looked for a second after the budget has let go, since the expiry had moved along until then.
        (.milliseconds(500), .milliseconds(2020)),
    ])
    func aRetryThatIsHeldUpByOtherLimitsExpires(maxElapsed: Duration, duration: Duration) {
        let world = VirtualWorld()
        let policy = policy {
            $0.concurrency = 12
            $0.lambdaConcurrency = 12
            $0.retry.initialInterval = .milliseconds(10)
            $0.retry.maxElapsed = maxElapsed
        }
        // Ten retries start at once and are slow. A second later the budget allows the other two, but another run has
        // taken one of the two places that the lambda had left.
        let run = world.add(
            VirtualRun(rows: 12, policy: policy) {
                $0.attempt == 1 ? .status(500) : .status(200, after: .seconds(60))
            })
        world.after(.milliseconds(500)) {
            world.add(VirtualRun(rows: 1, policy: policy) { _ in .status(200, after: .seconds(30)) })
        }
        world.finish()
        #expect(world.violations.isEmpty)
        let last = run.results.first { $0.row.index == 11 }
        #expect(last?.outcome == .failed && last?.attempts == 1)
        #expect(last?.duration == duration)
        #expect(run.end?.counts.succeeded == 11)
    }

    @Test func newRowsPassRetriesThatAreOverBudget() {
        let world = VirtualWorld()
        let run = world.add(
            VirtualRun(rows: 3000, policy: policy { $0.adaptive = false }) {
                $0.row < 60 && $0.attempt == 1 ? .status(500) : .status(200)
            })
        world.finish()
        #expect(world.violations.isEmpty)
        #expect(run.end?.counts.succeeded == 3000)
        #expect(run.endedAt < 5_000_000_000)
    }
}
