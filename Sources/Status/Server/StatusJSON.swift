import JSONText
package import JobModel

/// A snapshot as JSON: what the status page shows, for programs. Times are RFC 3339 in UTC; what is absent is left out.
package enum StatusJSON {
    /// One line, with a line feed.
    package static func bytes(
        of snapshot: StatusSnapshot, now: Timestamp, monotonicNow: MonotonicInstant
    ) -> [UInt8] {
        bytes(of: snapshot, health: Health(snapshot.pulse, wall: now, monotonic: monotonicNow), now: now)
    }

    static func bytes(of snapshot: StatusSnapshot, health: Health, now: Timestamp) -> [UInt8] {
        var writer = Writer()
        writer.reserve(1024 + 512 * snapshot.jobs.count)
        writer.object {
            $0.member("version", snapshot.version)
            $0.member("now", now)
            $0.member("startedAt", snapshot.startedAt)
            $0.member("phase", snapshot.phase.rawValue)
            $0.member("healthy", health == .good)
            $0.member("problem", health.reason)
            if let reload = snapshot.reload {
                $0.member("reload") {
                    $0.object {
                        $0.member("at", reload.at)
                        $0.member("lastSuccess", reload.lastSuccess)
                        $0.member("problem", reload.problem)
                    }
                }
            }
            $0.member("attempts", snapshot.attempts)
            $0.member("attemptsInFlight", snapshot.attemptsInFlight)
            $0.member("retries", snapshot.retries)
            $0.member("retriesWaiting", snapshot.retriesWaiting)
            $0.member("jobs") { $0.array(snapshot.jobs, write) }
            $0.member("accounts") { $0.array(snapshot.accounts, write) }
        }
        return writer.bytes + [UInt8(ascii: "\n")]
    }

    private static func write(_ job: JobStatus, to writer: inout Writer) {
        writer.object {
            $0.member("name", job.name)
            $0.member("file", job.file)
            $0.member("description", job.description)
            $0.member("schedule", job.schedule)
            $0.member("account", job.accountID)
            $0.member("suspended", job.isSuspended)
            $0.member("nextFire", job.nextFire)
            if let last = job.last { $0.member("last") { write(last, to: &$0) } }
            $0.member("lastSuccess", job.lastSuccess)
            $0.member("going") { $0.array(job.going, write) }
            $0.member("waiting", job.waiting)
            $0.member("ran", job.occurrences.ran)
            $0.member("skipped", job.occurrences.skipped)
            $0.member("missed", job.occurrences.missed)
            $0.member("invocations") {
                $0.object {
                    for outcome in Outcome.allCases {
                        $0.member(outcome.rawValue, job.invocations.count(of: outcome))
                    }
                }
            }
        }
    }

    private static func write(_ entry: LedgerEntry, to writer: inout Writer) {
        let words = OccurrenceWords(entry.state)
        writer.object {
            $0.member("nominalTime", entry.nominalTime)
            if entry.count > 1 {
                $0.member("lastNominalTime", entry.lastNominalTime)
                $0.member("count", entry.count)
            }
            $0.member("state", words.state)
            $0.member("reason", words.reason)
            $0.member("result", words.result)
            $0.member("runId", entry.runID)
            $0.member("startedAt", entry.startedAt)
            $0.member("finishedAt", entry.finishedAt)
            $0.member("latenessMs", (entry.lateness?.wholeMicroseconds).map { Int($0 / 1000) })
        }
    }

    private static func write(_ run: RunStatus, to writer: inout Writer) {
        writer.object {
            $0.member("runId", run.runID)
            $0.member("nominalTime", run.nominalTime)
            $0.member("startedAt", run.startedAt)
            $0.member("rows", run.counts.rows)
            $0.member("finished", run.counts.finished)
            $0.member("failed", run.counts.failed + run.counts.unknown)
            $0.member("inFlight", run.inFlight)
        }
    }

    private static func write(_ account: AccountStatus, to writer: inout Writer) {
        writer.object {
            $0.member("id", account.id)
            $0.member("state", account.stateName)
            $0.member("problem", account.problem)
            $0.member("tokenRemainingSeconds", account.tokenLeft.map { Int($0.components.seconds) })
            $0.member("tokenRenewals", account.tokenRenewals)
            $0.member("inFlight", account.inFlight)
        }
    }
}

/// A ledger entry's state in the words of `fnrun history`.
struct OccurrenceWords {
    var state: String
    /// Why it was skipped or missed.
    var reason: String?
    /// How its run ended.
    var result: String?

    init(_ state: OccurrenceState) {
        switch state {
        case .claimed: self.state = "claimed"
        case .ran(let result): (self.state, self.result) = ("ran", result.rawValue)
        case .skipped(let reason): (self.state, self.reason) = ("skipped", reason.rawValue)
        case .missed(let reason): (self.state, self.reason) = ("missed", reason.rawValue)
        }
    }
}

/// Writes members one after another.
private struct Writer {
    private(set) var bytes: [UInt8] = []
    private var isFirst = true

    mutating func reserve(_ capacity: Int) { bytes.reserveCapacity(capacity) }

    mutating func object(_ content: (inout Writer) -> Void) {
        bytes.append(UInt8(ascii: "{"))
        isFirst = true
        content(&self)
        bytes.append(UInt8(ascii: "}"))
        isFirst = false
    }

    mutating func array<Element>(_ elements: [Element], _ write: (Element, inout Writer) -> Void) {
        bytes.append(UInt8(ascii: "["))
        for (index, element) in elements.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            write(element, &self)
        }
        bytes.append(UInt8(ascii: "]"))
        isFirst = false
    }

    mutating func member(_ name: String, _ content: (inout Writer) -> Void) {
        begin(name)
        content(&self)
        isFirst = false
    }

    mutating func member(_ name: String, _ value: String?) {
        guard let value else { return }
        begin(name)
        JSONWriter.append(string: value, to: &bytes)
    }

    mutating func member(_ name: String, _ value: Timestamp?) {
        member(name, value?.shortestRFC3339)
    }

    mutating func member(_ name: String, _ value: Int?) {
        guard let value else { return }
        begin(name)
        JSONWriter.append(value, to: &bytes)
    }

    mutating func member(_ name: String, _ value: Bool) {
        begin(name)
        JSONWriter.append(value, to: &bytes)
    }

    private mutating func begin(_ name: String) {
        if !isFirst { bytes.append(UInt8(ascii: ",")) }
        isFirst = false
        JSONWriter.append(string: name, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
    }
}
