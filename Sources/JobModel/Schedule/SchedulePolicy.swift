/// What becomes of an occurrence that is due while the job's previous run is still going.
package enum OverlapPolicy: String, Sendable, Hashable, CaseIterable {
    /// It does not run.
    case skip
    /// It waits for the end of that run; of several that wait at once, the first.
    case bufferOne
    /// It waits its turn, behind others that wait.
    case bufferAll
    /// That run is stopped, and it begins when that has ended.
    case cancelOther
    /// It runs beside it.
    case allowAll

    /// How many occurrences of a job may wait.
    package var capacity: Int {
        switch self {
        case .skip, .allowAll: 0
        case .bufferOne, .cancelOther: 1
        case .bufferAll: 100
        }
    }
}

/// Which occurrences run late whose time passed while no scheduler was running.
package enum CatchUpPolicy: String, Sendable, Hashable, CaseIterable {
    /// The last one.
    case latest
    /// Each, up to a maximum.
    case all
    case none
}

/// What is done about a run whose process has died.
package enum CrashPolicy: String, Sendable, Hashable, CaseIterable {
    /// It is closed as crashed.
    case report
    /// It is gone on with, from its result file.
    case resume
}

/// When and whether occurrences of a job become runs.
package struct SchedulePolicy: Sendable, Hashable {
    package var overlap = OverlapPolicy.skip
    package var catchUp = CatchUpPolicy.latest
    /// How late an occurrence may still begin. Nil is until the next one fires, at most ``longestDefaultWindow``.
    package var catchUpWindow: Duration?
    /// How many occurrences ``CatchUpPolicy/all`` runs late, at most; the latest ones.
    package var catchUpMaximum = 10
    /// Occurrences are skipped, and never caught up.
    package var isSuspended = false
    package var onCrash = CrashPolicy.report
    /// Runs that share one of these names never overlap: the later waits.
    package var mutexes: [String] = []

    package static let longestDefaultWindow = Duration.seconds(24 * 3600)

    package init() {}
}
