internal import JobFile
internal import JobModel
internal import Scheduling
internal import Timing

/// The jobs of all files of a scheduler.
struct SchedulePlan: Sendable {
    private struct Place {
        var document: Int
        var job: Int
    }

    let documents: [JobFileDocument]
    private let places: [String: Place]
    /// Of each job that has a schedule.
    let crashPolicies: [String: CrashPolicy]
    /// Of the account of each document.
    private let accounts: [String]

    /// - Parameter sandbox: every file's account is replaced by the sandbox's.
    init(_ documents: [JobFileDocument], sandbox: Bool) {
        self.documents = documents
        var places: [String: Place] = [:]
        for (position, document) in documents.enumerated() {
            for job in document.jobs.indices {
                places[document.jobs[job].name] = Place(document: position, job: job)
            }
        }
        self.places = places
        var policies: [String: CrashPolicy] = [:]
        for job in documents.lazy.flatMap(\.jobs) where job.schedule != nil {
            policies[job.name] = job.scheduling.onCrash
        }
        crashPolicies = policies
        accounts = documents.map { document in
            guard !sandbox, let account = document.account else { return "" }
            // With the secret: an account whose secret was replaced is not paused for the old one.
            return "\(account.id) \(account.clientID) \(account.hashValue)"
        }
    }

    /// A job and the file that it is in.
    subscript(name: String) -> (job: JobDefinition, document: JobFileDocument)? {
        guard let place = places[name] else { return nil }
        return (documents[place.document].jobs[place.job], documents[place.document])
    }

    /// Whether a request ends a run of a job whose crashed runs are resumed.
    func mayLetResume(_ request: LedgerRequest) -> Bool {
        guard case .finish(let occurrence, _, _, _, _, _) = request else { return false }
        return crashPolicies[occurrence.job] == .resume
    }

    /// The jobs that have a schedule, in the order of the files.
    var scheduled: [ScheduledJob] {
        var jobs: [ScheduledJob] = []
        jobs.reserveCapacity(scheduledCount)
        for (position, document) in documents.enumerated() {
            for job in document.jobs {
                guard let schedule = job.schedule else { continue }
                jobs.append(
                    ScheduledJob(
                        name: job.name, calendar: schedule, fingerprint: schedule.fingerprint,
                        policy: job.scheduling, account: accounts[position], file: document.path))
            }
        }
        return jobs
    }

    /// The accounts of the files, each once, with the name by which the scheduler knows it.
    var accountsByKey: [String: Account] {
        var found: [String: Account] = [:]
        for (key, document) in zip(accounts, documents) where document.account != nil { found[key] = document.account }
        return found
    }

    /// How many accounts have a job with a schedule; where a file does not say which, it is one of its own.
    var scheduledAccounts: Int {
        let documents = documents.filter { document in document.jobs.contains { $0.schedule != nil } }
        return Set(documents.map { $0.account.map { "\($0.id) \($0.clientID)" } ?? $0.accountID ?? $0.path }).count
    }

    /// The files that client secrets are in.
    var secretFiles: Set<String> { Set(documents.compactMap(\.secretFile)) }

    /// How many jobs have a schedule.
    var scheduledCount: Int {
        documents.reduce(0) { $0 + $1.jobs.count { $0.schedule != nil } }
    }

    /// What a reload changes, one line for each job: `+ name`, `- name`, `~ name: schedule`.
    func changes(since old: SchedulePlan) -> [String] {
        var lines: [String] = []
        for name in old.places.keys.sorted() where places[name] == nil { lines.append("- \(name)") }
        for name in places.keys.sorted() {
            guard let new = self[name] else { continue }
            guard let before = old[name] else {
                lines.append("+ \(name)")
                continue
            }
            let parts = Self.differences(before.job, new.job)
            if !parts.isEmpty { lines.append("~ \(name): \(parts.joined(separator: ", "))") }
        }
        return lines
    }

    private static func differences(_ old: JobDefinition, _ new: JobDefinition) -> [String] {
        var parts: [String] = []
        if old.schedule?.fingerprint != new.schedule?.fingerprint { parts.append("schedule") }
        if old.scheduling.isSuspended != new.scheduling.isSuspended {
            parts.append(new.scheduling.isSuspended ? "suspended" : "no longer suspended")
        }
        var (before, after) = (old.scheduling, new.scheduling)
        before.isSuspended = false
        after.isSuspended = false
        if before != after { parts.append("overlap, catch-up or mutex") }
        if old.hash != new.hash { parts.append("what is sent") }
        if old.policy != new.policy { parts.append("limits or retries") }
        if old.hooks != new.hooks { parts.append("hooks") }
        return parts
    }
}
