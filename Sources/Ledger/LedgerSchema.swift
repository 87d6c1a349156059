internal import GRDB
internal import JobModel

/// The tables of the database, and how those of earlier versions become them.
///
/// Times are microseconds since the epoch, leases on the monotonic clock nanoseconds. Every occurrence up to
/// `watermark.accounted_up_to` is in exactly one row of `occurrence`, none later is, and rows of one job do not overlap.
enum LedgerSchema {
    /// `fnru`: tells the ledger from other databases (`PRAGMA application_id`).
    static let applicationID = 0x666E_7275

    /// What each version adds to the one before; `PRAGMA user_version` counts them.
    static let steps = [
        """
        CREATE TABLE file (
            id INTEGER PRIMARY KEY,
            path TEXT NOT NULL UNIQUE
        ) STRICT;

        CREATE TABLE job (
            id INTEGER PRIMARY KEY,
            name TEXT NOT NULL UNIQUE,
            fingerprint TEXT NOT NULL,
            is_suspended INTEGER NOT NULL,
            file INTEGER NOT NULL
        ) STRICT;

        -- Apart from the jobs, so that a batch of claims changes few pages.
        CREATE TABLE watermark (
            job INTEGER PRIMARY KEY,
            accounted_up_to INTEGER NOT NULL
        ) STRICT;

        CREATE TABLE owner (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            uuid TEXT NOT NULL UNIQUE,
            host TEXT NOT NULL,
            process INTEGER NOT NULL,
            boot TEXT NOT NULL,
            monotonic INTEGER NOT NULL,
            wall INTEGER NOT NULL,
            has_resigned INTEGER NOT NULL
        ) STRICT;

        CREATE TABLE occurrence (
            id INTEGER PRIMARY KEY,
            job INTEGER NOT NULL,
            nominal_time INTEGER NOT NULL,
            last_nominal_time INTEGER NOT NULL,
            count INTEGER NOT NULL,
            state TEXT NOT NULL,
            detail TEXT,
            triggered_by TEXT,
            run_id TEXT,
            started_at INTEGER,
            finished_at INTEGER,
            lateness INTEGER,
            results TEXT,
            file INTEGER,
            owner INTEGER,
            is_exclusive INTEGER,
            resumptions INTEGER NOT NULL DEFAULT 0,
            is_stop_requested INTEGER NOT NULL DEFAULT 0
        ) STRICT;
        CREATE UNIQUE INDEX occurrence_job ON occurrence (job, nominal_time);
        CREATE INDEX occurrence_time ON occurrence (nominal_time, last_nominal_time);
        CREATE INDEX occurrence_span ON occurrence (last_nominal_time, nominal_time) WHERE count > 1;
        CREATE INDEX occurrence_open ON occurrence (job, owner, started_at) WHERE state = 'claimed';
        CREATE INDEX occurrence_stop ON occurrence (owner) WHERE is_stop_requested = 1 AND state = 'claimed';

        -- The names that going runs share with others; they end with the run, however that ends.
        CREATE TABLE mutex (
            occurrence INTEGER NOT NULL,
            name TEXT NOT NULL,
            PRIMARY KEY (occurrence, name)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX mutex_name ON mutex (name);
        CREATE TRIGGER occurrence_closed AFTER UPDATE OF state ON occurrence
            WHEN OLD.state = 'claimed' AND NEW.state <> 'claimed'
            BEGIN DELETE FROM mutex WHERE occurrence = NEW.id; END;
        CREATE TRIGGER occurrence_deleted AFTER DELETE ON occurrence
            WHEN OLD.state = 'claimed'
            BEGIN DELETE FROM mutex WHERE occurrence = OLD.id; END;
        """,
        """
        ALTER TABLE occurrence ADD COLUMN message TEXT;

        -- The names that runs by hand share with others; they end with the run, or with its owner's lease.
        CREATE TABLE manual_mutex (
            name TEXT NOT NULL,
            run_id TEXT NOT NULL,
            job TEXT NOT NULL,
            started_at INTEGER NOT NULL,
            owner INTEGER NOT NULL,
            PRIMARY KEY (name, run_id)
        ) STRICT, WITHOUT ROWID;
        """,
    ]

    /// The version of a database: 0 of an empty one.
    ///
    /// - Throws: ``LedgerError`` if it is not a ledger, or of a later version than this program knows.
    static func version(_ db: Database, at path: String) throws -> Int {
        let version = try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0
        let id = try Int.fetchOne(db, sql: "PRAGMA application_id") ?? 0
        if id == 0, version == 0, try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_schema") == 0 { return 0 }
        guard id == applicationID, version > 0 else {
            throw LedgerError(
                .failed, message: "\(path) is a database, but not a ledger of fnrun: name another state directory")
        }
        guard version <= steps.count else {
            throw LedgerError(
                .tooNew,
                message: "the ledger \(path) was written by a later version of fnrun (its format is \(version), this "
                    + "one knows \(steps.count)): use that version, or another state directory")
        }
        return version
    }

    /// Brings a database to the latest version, in one transaction.
    static func migrate(_ db: Database, at path: String) throws {
        try db.inTransaction(.immediate) {
            let version = try version(db, at: path)
            guard version < steps.count else { return .rollback }
            for step in steps[version...] { try db.execute(sql: step) }
            try db.execute(sql: "PRAGMA application_id = \(applicationID); PRAGMA user_version = \(steps.count)")
            return .commit
        }
    }
}
