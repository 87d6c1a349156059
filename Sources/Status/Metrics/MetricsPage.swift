import JobModel

/// The metrics of a snapshot. Labels are the names of jobs, the ids of accounts, and words of closed sets.
struct MetricsPage {
    static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    private var encoder: MetricsEncoder

    static func bytes(of snapshot: StatusSnapshot, usage: ProcessUsage, health: Health) -> [UInt8] {
        var page = MetricsPage(encoder: MetricsEncoder(reservingCapacity: 4096 + 1024 * snapshot.jobs.count))
        page.writeProcess(snapshot, usage, health)
        page.writeOccurrences(snapshot)
        page.writeInvocations(snapshot)
        page.writeAccounts(snapshot)
        page.writeHooks(snapshot)
        return page.encoder.bytes
    }

    private mutating func writeProcess(_ snapshot: StatusSnapshot, _ usage: ProcessUsage, _ health: Health) {
        encoder.begin("fnrun_build_info", .gauge, help: "Always 1; the label tells the version.")
        encoder.sample(("version", snapshot.version), value: 1)
        encoder.begin("fnrun_healthy", .gauge, help: "Whether the scheduler does its work, as /healthz says: 1 or 0.")
        encoder.sample(value: health == .good ? 1 : 0)
        encoder.begin("fnrun_phase", .gauge, help: "1 for the phase that the process is in.")
        for phase in StatusSnapshot.Phase.allCases {
            encoder.sample(("phase", phase.rawValue), value: phase == snapshot.phase ? 1 : 0)
        }
        if let reload = snapshot.reload {
            encoder.begin(
                "fnrun_config_last_reload_successful", .gauge, help: "Whether the last reload of job files succeeded.")
            encoder.sample(value: reload.problem == nil ? 1 : 0)
            encoder.begin(
                "fnrun_config_last_reload_success_timestamp_seconds", .gauge,
                help: "When the job files in force were loaded.")
            encoder.sample(microseconds: reload.lastSuccess.microseconds)
        }
        encoder.begin("process_cpu_seconds_total", .counter, help: "User and system CPU time spent, in seconds.")
        encoder.sample(microseconds: usage.processorTime)
        encoder.begin("process_start_time_seconds", .gauge, help: "When the process started, in Unix time.")
        encoder.sample(microseconds: snapshot.startedAt.microseconds)
        gauge("process_resident_memory_bytes", usage.residentBytes, help: "Resident memory size in bytes.")
        gauge("process_virtual_memory_bytes", usage.virtualBytes, help: "Virtual memory size in bytes.")
        gauge("process_open_fds", usage.openDescriptors, help: "Open file descriptors.")
        gauge("process_max_fds", usage.maximumDescriptors, help: "How many file descriptors may be open.")
    }

    private mutating func gauge(_ name: StaticString, _ value: Int?, help: StaticString) {
        guard let value else { return }
        encoder.begin(name, .gauge, help: help)
        encoder.sample(value: value)
    }

    private mutating func writeOccurrences(_ snapshot: StatusSnapshot) {
        encoder.begin(
            "fnrun_occurrences_total", .counter,
            help: "Occurrences that ended, by state; the reason of one that ran is its result.")
        // Those that never happened too: a series that begins with its first event hides it from rate().
        for job in snapshot.jobs {
            for end in OccurrenceTally.End.allCases {
                encoder.sample(
                    ("job", job.name), ("state", end.state), ("reason", end.reason), value: job.occurrences[end])
            }
        }
        encoder.begin(
            "fnrun_occurrence_lateness_seconds", .histogram,
            help: "From the time at which a run was to start, jitter included, to its start.")
        encoder.samples(of: snapshot.lateness)
        encoder.begin(
            "fnrun_ledger_write_seconds", .histogram,
            help:
                "Transactions with claims and ends of runs, their sync included; a run begins when its claim's has ended."
        )
        encoder.samples(of: snapshot.ledgerWrites)
        encoder.begin("fnrun_ledger_write_failures_total", .counter, help: "Transactions of the ledger that failed.")
        encoder.sample(value: snapshot.ledgerFailures)
        encoder.begin("fnrun_runs_in_progress", .gauge, help: "Runs that are going.")
        for job in snapshot.jobs { encoder.sample(("job", job.name), value: job.going.count) }
        encoder.begin("fnrun_occurrences_waiting", .gauge, help: "Occurrences that wait for their turn.")
        for job in snapshot.jobs { encoder.sample(("job", job.name), value: job.waiting) }
        encoder.begin("fnrun_job_suspended", .gauge, help: "Whether the occurrences of a job are skipped: 1 or 0.")
        for job in snapshot.jobs { encoder.sample(("job", job.name), value: job.isSuspended ? 1 : 0) }
        encoder.begin(
            "fnrun_job_next_fire_timestamp_seconds", .gauge, help: "When a job fires next, in Unix time.")
        for job in snapshot.jobs {
            guard let time = job.nextFire else { continue }
            encoder.sample(("job", job.name), microseconds: time.microseconds)
        }
        encoder.begin(
            "fnrun_job_last_success_timestamp_seconds", .gauge,
            help: "When a run of a job last succeeded, in Unix time.")
        for job in snapshot.jobs {
            guard let time = job.lastSuccess else { continue }
            encoder.sample(("job", job.name), microseconds: time.microseconds)
        }
    }

    private mutating func writeInvocations(_ snapshot: StatusSnapshot) {
        encoder.begin(
            "fnrun_invocations_total", .counter,
            help: "Invocations of the runs that have ended, by outcome and class of error; none is no error.")
        for job in snapshot.jobs {
            for (end, count) in job.invocations.counts {
                encoder.sample(
                    ("job", job.name), ("outcome", end.outcome.rawValue), ("class", end.errorClass?.rawValue ?? "none"),
                    value: count)
            }
        }
        encoder.begin("fnrun_attempts_total", .counter, help: "HTTP requests of invocations that have ended.")
        encoder.sample(value: snapshot.attempts)
        encoder.begin("fnrun_attempts_in_flight", .gauge, help: "HTTP requests of invocations that are under way.")
        encoder.sample(value: snapshot.attemptsInFlight)
        encoder.begin(
            "fnrun_retries_total", .counter, help: "Attempts that repeated a failed one; not those for a fresh token.")
        encoder.sample(value: snapshot.retries)
        encoder.begin(
            "fnrun_retries_waiting", .gauge,
            help: "Invocations that wait for another attempt: for their backoff or for the retry budget.")
        encoder.sample(value: snapshot.retriesWaiting)
        encoder.begin(
            "fnrun_retry_budget_waiting", .gauge,
            help: "Invocations whose next attempt the retry budget holds back.")
        encoder.sample(value: snapshot.retriesOverBudget)
    }

    private mutating func writeAccounts(_ snapshot: StatusSnapshot) {
        encoder.begin("fnrun_token_renewals_total", .counter, help: "Tokens that were got after the first.")
        for account in snapshot.accounts { encoder.sample(("account", account.id), value: account.tokenRenewals) }
        encoder.begin("fnrun_account_state", .gauge, help: "1 for the state that an account is in.")
        for account in snapshot.accounts {
            for name in AccountStatus.stateNames {
                encoder.sample(
                    ("account", account.id), ("state", name), value: name == account.stateName ? 1 : 0)
            }
        }
        encoder.begin("fnrun_token_remaining_seconds", .gauge, help: "For how long an account's token may be sent.")
        for account in snapshot.accounts {
            encoder.sample(("account", account.id), microseconds: max(0, account.tokenLeft?.wholeMicroseconds ?? 0))
        }
    }

    private mutating func writeHooks(_ snapshot: StatusSnapshot) {
        encoder.begin("fnrun_hooks_total", .counter, help: "Webhooks and pings, by how they ended.")
        encoder.sample(("result", "delivered"), value: snapshot.hooks.delivered)
        encoder.sample(("result", "failed"), value: snapshot.hooks.failed)
        encoder.sample(("result", "dropped"), value: snapshot.hooks.dropped)
    }
}
