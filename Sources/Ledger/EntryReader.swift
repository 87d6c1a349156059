internal import GRDB
internal import JobModel

/// Turns rows of `occurrence` into entries, and knows which owners are alive; for one transaction.
struct EntryReader {
    /// What ``entry(_:)`` reads, of a table named `o`.
    static let columns = """
        o.job, o.nominal_time, o.last_nominal_time, o.count, o.state, o.detail, o.triggered_by, o.run_id, \
        o.started_at, o.finished_at, o.lateness, o.results, o.file, o.owner, o.resumptions, \
        o.message
        """

    private struct Owner {
        var claimant: String
        var lease: Lease
    }

    private let db: Database
    private let moment: LedgerMoment
    // Many rows share few of these.
    private var owners: [Int64: Owner?] = [:]
    private var jobs: [Int64: String] = [:]
    private var files: [Int64: String?] = [:]

    init(_ db: Database, at moment: LedgerMoment) {
        self.db = db
        self.moment = moment
    }

    /// An entry as it is now: a run whose owner's lease has ended has crashed.
    mutating func entry(_ row: Row) throws -> LedgerEntry {
        guard let state = OccurrenceState(state: row[4], detail: row[5]) else {
            let text: String = row[4]
            throw LedgerError(.corrupt, message: "the ledger has a row whose state is unknown: \(text)")
        }
        var entry = LedgerEntry(
            job: try name(ofJob: row[0]), nominalTime: Timestamp(microseconds: row[1]), state: state)
        entry.lastNominalTime = Timestamp(microseconds: row[2])
        entry.count = row[3]
        entry.trigger = (row[6] as String?).flatMap(Trigger.init)
        entry.runID = row[7]
        entry.startedAt = (row[8] as Int64?).map(Timestamp.init(microseconds:))
        entry.finishedAt = (row[9] as Int64?).map(Timestamp.init(microseconds:))
        entry.lateness = (row[10] as Int64?).map(Duration.microseconds)
        entry.results = row[11]
        entry.file = try (row[12] as Int64?).flatMap { try path(ofFile: $0) }
        entry.resumptions = row[14]
        entry.message = row[15]
        if let id = row[13] as Int64?, let owner = try owner(id) {
            entry.claimant = owner.claimant
            if state == .claimed, let startedAt = entry.startedAt, !owner.lease.isLive(at: moment) {
                entry.state = .ran(.crashed)
                entry.finishedAt = max(startedAt, owner.lease.end)
            }
        }
        return entry
    }

    /// Whether an owner's lease has not ended.
    mutating func isLive(_ id: Int64) throws -> Bool {
        try owner(id)?.lease.isLive(at: moment) ?? false
    }

    private mutating func owner(_ id: Int64) throws -> Owner? {
        if let known = owners[id] { return known }
        let owner = try db.row(
            "SELECT host, process, boot, monotonic, wall, has_resigned FROM owner WHERE id = ?", [id]
        ).map { row -> Owner in
            let host: String = row[0]
            let process: Int64 = row[1]
            return Owner(
                claimant: "\(host):\(process)",
                lease: Lease(
                    boot: row[2], monotonic: MonotonicInstant(nanoseconds: row[3]),
                    wall: Timestamp(microseconds: row[4]), hasResigned: row[5]))
        }
        owners[id] = .some(owner)
        return owner
    }

    mutating func name(ofJob id: Int64) throws -> String {
        if let known = jobs[id] { return known }
        let name = try String.fetchOne(
            db.cachedStatement(sql: "SELECT name FROM job WHERE id = ?"), arguments: [id])
        jobs[id] = name ?? ""
        return name ?? ""
    }

    private mutating func path(ofFile id: Int64) throws -> String? {
        if let known = files[id] { return known }
        let path = try String.fetchOne(
            db.cachedStatement(sql: "SELECT path FROM file WHERE id = ?"), arguments: [id])
        files[id] = .some(path)
        return path
    }
}

extension OccurrenceState {
    /// From the columns `state` and `detail`; nil if this version does not know them.
    init?(state: String, detail: String?) {
        switch state {
        case "claimed": self = .claimed
        case "ran":
            guard let result = detail.flatMap(OccurrenceResult.init) else { return nil }
            self = .ran(result)
        case "skipped":
            guard let reason = detail.flatMap(SkipReason.init) else { return nil }
            self = .skipped(reason)
        case "missed":
            guard let reason = detail.flatMap(MissReason.init) else { return nil }
            self = .missed(reason)
        default: return nil
        }
    }
}

extension PassedOver {
    /// The columns `state` and `detail`.
    var columns: (state: String, detail: String) {
        switch self {
        case .skipped(let reason): ("skipped", reason.rawValue)
        case .missed(let reason): ("missed", reason.rawValue)
        }
    }
}
