internal import JobModel

extension SchedulerMachine {
    /// Decides the late occurrences of a job, from the first that is not decided to the last that fired by `time`: in a
    /// number of steps that depends on how many of them run, not on how many there are.
    mutating func catchUp(
        _ job: Int, from first: ScheduledOccurrence, through time: Timestamp, at moment: SchedulerMoment
    ) {
        let last = latest(of: job, firedBy: time) ?? first
        switch jobs[job].job.policy.catchUp {
        case .none:
            passOver(job, from: first, through: last, as: .missed(.catchup))
        case .latest:
            if let earlier = occurrence(of: job, before: last, from: first) {
                passOver(job, from: first, through: earlier, as: .missed(.catchup))
            }
            if isInTime(job, last, at: moment) {
                makeRoom(job, for: 1, of: 1)
                claimLate(job, last, at: moment)
            } else {
                passOver(job, from: last, through: last, as: .missed(.window))
            }
        case .all:
            catchUpAll(job, from: first, through: last, at: moment)
        }
    }

    private mutating func catchUpAll(
        _ job: Int, from first: ScheduledOccurrence, through last: ScheduledOccurrence, at moment: SchedulerMoment
    ) {
        var inTime = first
        if let tooLate = lastTooLate(job, from: first, through: last, at: moment) {
            passOver(job, from: first, through: tooLate, as: .missed(.window))
            guard tooLate.nominalTime < last.nominalTime,
                let next = jobs[job].job.calendar.next(after: tooLate.nominalTime)
            else { return }
            inTime = next
        }
        let maximum = jobs[job].job.policy.catchUpMaximum
        var chosen: [ScheduledOccurrence] = []
        var cursor: ScheduledOccurrence? = last
        while let current = cursor, chosen.count < maximum {
            chosen.append(current)
            cursor = occurrence(of: job, before: current, from: inTime)
        }
        if let cursor { passOver(job, from: inTime, through: cursor, as: .missed(.catchup)) }
        makeRoom(job, for: chosen.count, of: maximum)
        for occurrence in chosen.reversed() { claimLate(job, occurrence, at: moment) }
    }

    /// The last occurrence of a range that is beyond its window.
    private func lastTooLate(
        _ job: Int, from first: ScheduledOccurrence, through last: ScheduledOccurrence, at moment: SchedulerMoment
    ) -> ScheduledOccurrence? {
        guard let window = jobs[job].job.policy.catchUpWindow else {
            // Each but the last has a next nominal time that is past.
            return isInTime(job, last, at: moment) ? occurrence(of: job, before: last, from: first) : last
        }
        let limit = moment.wall - window
        guard first.fireTime <= limit else { return nil }
        if last.fireTime <= limit { return last }
        return latest(of: job, firedBy: limit) ?? first
    }

    /// Whether a late occurrence may still begin: less late than its window is long.
    func isInTime(_ job: Int, _ occurrence: ScheduledOccurrence, at moment: SchedulerMoment) -> Bool {
        let lateness = moment.wall - occurrence.fireTime
        if let window = jobs[job].job.policy.catchUpWindow { return lateness < window }
        guard lateness < SchedulePolicy.longestDefaultWindow else { return false }
        guard let next = jobs[job].job.calendar.next(after: occurrence.nominalTime) else { return true }
        // The next one is there when it fires: until then this is the latest.
        return moment.wall < next.fireTime
    }

    /// Late ones run one after another, whatever the overlap policy. In a tick all are late: there a run that an earlier
    /// tick has begun is what `overlap: skip` is about, and ticks that wait for it would pile up.
    private mutating func claimLate(_ job: Int, _ occurrence: ScheduledOccurrence, at moment: SchedulerMoment) {
        let goesBehind =
            isBusy(job, isLate: true) || !jobs[job].waiting.isEmpty || jobs[job].incoming > 0
        let skips = mode == .tick && jobs[job].job.policy.overlap == .skip
        claim(job, occurrence, isLate: true, ifBlocked: skips ? .skip : .hold, waits: goesBehind, at: moment)
    }

    /// Late ones of before that still wait are too many by now: the oldest are given up.
    private mutating func makeRoom(_ job: Int, for count: Int, of maximum: Int) {
        let waiting = jobs[job].waiting.indices.filter {
            jobs[job].waiting[$0].isLate && jobs[job].waiting[$0].mayBeGivenUp
        }
        for index in waiting.prefix(max(0, waiting.count + count - maximum)) {
            giveUp(job, index, as: .missed(.catchup))
        }
    }

    /// The occurrence before one, if it is not before `first`.
    private func occurrence(
        of job: Int, before later: ScheduledOccurrence, from first: ScheduledOccurrence
    ) -> ScheduledOccurrence? {
        guard later.nominalTime > first.nominalTime,
            let earlier = jobs[job].job.calendar.latest(through: later.nominalTime.justBefore),
            earlier.nominalTime >= first.nominalTime
        else { return nil }
        return earlier
    }
}
