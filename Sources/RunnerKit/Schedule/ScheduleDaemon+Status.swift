internal import Execution
internal import JobFile
internal import JobModel
internal import Scheduling
internal import Status
internal import Timing

extension ScheduleDaemon: StatusSource {
    func vitals() -> StatusVitals {
        StatusVitals(phase: phase, pulse: setup.driver.pulse)
    }

    private var phase: StatusSnapshot.Phase {
        if setup.driver.isStopping { return .stopping }
        return lastReload == nil ? .starting : .running
    }

    func snapshot() -> StatusSnapshot {
        var snapshot = StatusSnapshot(version: Version.current, startedAt: startedAt)
        let scheduler = setup.driver.status
        let numbers = setup.journal.numbers
        snapshot.phase = phase
        snapshot.reload = lastReload
        snapshot.pulse = setup.driver.pulse
        snapshot.lateness = numbers.lateness
        snapshot.ledgerWrites = numbers.ledgerWrites
        snapshot.ledgerFailures = numbers.ledgerFailures
        let totals = setup.services.engine.totals
        snapshot.attempts = totals.attempts
        snapshot.attemptsInFlight = totals.inFlight
        snapshot.retries = totals.retries
        snapshot.retriesWaiting = totals.waiting
        snapshot.retriesOverBudget = totals.overBudget
        snapshot.hooks = setup.hooks.tally
        snapshot.accounts = setup.services.accountStatuses
        let plan = setup.driver.plan
        snapshot.jobs = scheduler.jobs.map { job in
            let schedule = plan[job.name]?.job.schedule
            var status = Status.JobStatus(name: job.name, file: job.file, schedule: schedule?.text ?? "")
            let known = numbers.jobs[job.name]
            status.accountID = plan[job.name]?.document.accountID
            status.isSuspended = job.isSuspended
            status.nextFire = job.next?.fireTime
            let recalled = numbers.recalled[job.name]
            status.last = [known?.last, recalled?.entry].compactMap(\.self)
                .max { ($0.lastNominalTime, $0.count) < ($1.lastNominalTime, $1.count) }
            status.lastSuccess = [known?.lastSuccess, recalled?.lastSuccess].compactMap(\.self).max()
            status.description = plan[job.name]?.job.description
            status.waiting = job.waiting.count
            status.occurrences = known?.occurrences ?? OccurrenceTally()
            status.invocations = known?.invocations ?? InvocationTally()
            status.going = job.going.map { run in
                var going = RunStatus(
                    runID: run.runID, nominalTime: run.occurrence.nominalTime, startedAt: run.startedAt)
                if let progress = setup.launcher.progress(of: run.runID) {
                    going.counts = progress.counts
                    going.inFlight = progress.inFlight
                }
                return going
            }
            return status
        }
        return snapshot
    }
}
