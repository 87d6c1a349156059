/// Where every occurrence of every schedule is accounted for, across processes and their crashes.
///
/// Calls block until what they changed is on disk, and are atomic: all of it or nothing. From any thread; schedulers call
/// from a queue of their own.
package protocol OccurrenceLedger: Sendable {
    /// Makes schedules known. One that the ledger does not know, or knows with another fingerprint, is accounted for up
    /// to its registration's beginning, or up to now; another keeps its standing.
    ///
    /// - Returns: standings in the order of the registrations, with ``ScheduleStanding/wasSuspended`` as before.
    func register(
        _ schedules: [ScheduleRegistration], at moment: LedgerMoment
    ) throws(LedgerError) -> [ScheduleStanding]

    /// Carries out requests in their order, in one transaction; the owner's lease is renewed by it.
    ///
    /// - Returns: an answer to each request.
    func apply(
        _ requests: [LedgerRequest], by owner: LedgerOwner, at moment: LedgerMoment
    ) throws(LedgerError) -> [LedgerAnswer]

    /// Renews a lease.
    ///
    /// - Returns: the owner's runs that others ask to stop.
    func renew(_ owner: LedgerOwner, at moment: LedgerMoment) throws(LedgerError) -> [OccurrenceID]

    /// Deals with the claims whose owners' leases have ended.
    ///
    /// A run that had begun is closed as crashed, or handed to `owner` if it is to be resumed; a claim that waited is
    /// handed to `owner` if it is of one of these jobs. Crashes of these jobs are reported once, to one owner.
    /// - Parameter jobs: the jobs that `owner` schedules.
    func reap(
        for jobs: [String: CrashPolicy], by owner: LedgerOwner, at moment: LedgerMoment
    ) throws(LedgerError) -> [ReapedClaim]

    /// Ends a lease: what is still claimed is anybody's.
    func resign(_ owner: LedgerOwner, at moment: LedgerMoment) throws(LedgerError)

    /// What became of occurrences; newest nominal time first, of equal ones by job. A run whose lease has ended is shown
    /// as crashed.
    func entries(_ query: LedgerQuery, at moment: LedgerMoment) throws(LedgerError) -> [LedgerEntry]

    /// How each job has fared so far, by name; jobs of which nothing has ended are left out.
    func latestOutcomes(at moment: LedgerMoment) throws(LedgerError) -> [LatestOutcome]

    /// Forgets what became of occurrences before a time, but for open claims.
    ///
    /// Claims that nobody has reaped for ``LedgerOwner/abandonment``, since no scheduler has their jobs any more, are
    /// closed: runs as crashed, claims that waited as missed (`window`).
    /// - Returns: how many rows it took.
    func forget(before time: Timestamp, at moment: LedgerMoment) throws(LedgerError) -> Int
}

/// A claim whose owner has died.
package enum ReapedClaim: Sendable, Hashable {
    /// A run was closed as crashed.
    case crashed(LedgerEntry)
    /// A run is ours now, to be gone on with under its run id.
    case resumed(LedgerEntry)
    /// A claim that waited is ours now.
    case inherited(LedgerEntry)
}

/// How a job has fared.
package struct LatestOutcome: Sendable, Hashable {
    /// The newest that is not open any more.
    package var entry: LedgerEntry
    /// When the newest that succeeded had ended.
    package var lastSuccess: Timestamp?

    package init(entry: LedgerEntry, lastSuccess: Timestamp?) {
        self.entry = entry
        self.lastSuccess = lastSuccess
    }
}

/// Which occurrences are asked for.
package struct LedgerQuery: Sendable, Hashable {
    /// Nil is all jobs.
    package var job: String?
    /// Entries that include this nominal time.
    package var nominalTime: Timestamp?
    /// Entries whose last nominal time is not before.
    package var from: Timestamp?
    /// Entries whose first nominal time is before.
    package var to: Timestamp?
    /// The newest so many.
    package var limit: Int?

    package init() {}
}

/// Why the ledger could not be read or written.
package struct LedgerError: Error, Sendable, Hashable {
    package enum Code: String, Sendable, Hashable, CaseIterable {
        /// The folder or the database cannot be opened or written: rights, a read-only file system.
        case inaccessible
        /// No room on the disk.
        case full
        /// The database is not one, or damaged.
        case corrupt
        /// Written by a later version.
        case tooNew
        /// Somebody else holds it for too long.
        case busy
        /// A run of the occurrence is going.
        case going
        case failed
    }

    package var code: Code
    /// One line: what, where, and what to do.
    package var message: String

    package init(_ code: Code, message: String) {
        self.code = code
        self.message = message
    }
}
