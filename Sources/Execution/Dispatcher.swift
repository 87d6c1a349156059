package import JobModel

/// All runs of the process beside each other: shares out what may be in flight among them.
///
/// Pure, like the ``RunMachine``s in it: give the runs their events, then call ``advance(to:)`` and carry out the
/// actions it returns.
package final class Dispatcher {
    /// What all runs share.
    package let process: ProcessLimits
    /// Higher priorities first.
    package private(set) var runs: [RunMachine] = []
    private var lambdas: [String: LambdaLimits] = [:]
    private var runsBegun = 0
    private var turn: UInt64 = 0

    /// - Parameters:
    ///   - maximumConcurrency: attempts in flight of the whole process.
    ///   - random: for the jitter of backoffs.
    package init(maximumConcurrency: Int, random: any RandomNumberGenerator) {
        process = ProcessLimits(maximum: maximumConcurrency, random: random)
    }

    /// Begins a run; it reads its first rows with the next ``advance(to:)``.
    package func add(_ specification: RunSpecification, at moment: Moment) -> RunMachine {
        let lambda = limits(for: specification.lambdaKey)
        lambda.attach(specification.policy, at: moment.now)
        runsBegun += 1
        let run = RunMachine(
            id: runsBegun, specification: specification, lambda: lambda, process: process, at: moment)
        let place = runs.firstIndex { $0.specification.priority < specification.priority } ?? runs.count
        runs.insert(run, at: place)
        return run
    }

    /// The limits that runs with a key share.
    package func limits(for lambdaKey: String) -> LambdaLimits {
        if let known = lambdas[lambdaKey] { return known }
        let new = LambdaLimits()
        lambdas[lambdaKey] = new
        return new
    }

    /// When ``advance(to:)`` is needed again if nothing happens before; `distantFuture` if not at all.
    package var nextWake: MonotonicInstant {
        runs.reduce(.distantFuture) { Swift.min($0, $1.nextWake) }
    }

    /// Lets time pass, starts what may start, and returns what is to be done, per run and in order.
    package func advance(to moment: Moment) -> [(run: RunMachine, actions: [RunAction])] {
        for run in runs { run.wake(at: moment) }
        shareOut(at: moment)
        var work: [(run: RunMachine, actions: [RunAction])] = []
        var anyFinished = false
        for run in runs {
            run.settle(at: moment)
            anyFinished = anyFinished || run.phase == .finished
            let actions = run.takeActions()
            if !actions.isEmpty { work.append((run, actions)) }
        }
        if anyFinished { removeFinished(at: moment) }
        return work
    }

    /// Gives starts to the runs: priority by priority, within one in turns of one, the longest unserved first.
    private func shareOut(at moment: Moment) {
        if runs.count == 1, let run = runs.first {
            while run.startNext(at: moment) {}
            return
        }
        var wanting = runs.filter(\.wantsStart)
        wanting.sort {
            ($1.specification.priority, $0.lastServed) < ($0.specification.priority, $1.lastServed)
        }
        while let priority = wanting.first?.specification.priority {
            var level = wanting.filter { $0.specification.priority == priority }
            wanting.removeFirst(level.count)
            while !level.isEmpty {
                level.removeAll { !serve($0, at: moment) }
            }
        }
    }

    private func serve(_ run: RunMachine, at moment: Moment) -> Bool {
        guard run.startNext(at: moment) else { return false }
        turn += 1
        run.lastServed = turn
        return true
    }

    private func removeFinished(at moment: Moment) {
        runs.removeAll { run in
            guard run.phase == .finished else { return false }
            run.lambda.detach(run.policy, at: moment.now)
            return true
        }
    }
}
