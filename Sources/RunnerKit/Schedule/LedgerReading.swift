internal import JobModel
internal import Ledger
internal import Reactor

/// A ledger that a command looks into.
struct LedgerReading: Sendable {
    let directory: StateDirectory
    private let ledger: SQLiteLedger
    private let clock = LedgerClock(time: SystemTimeSource())

    /// - Parameter state: the state directory; nil is `.fnrun` of the working directory.
    /// - Throws: ``CommandFailure`` with status 2 if there is no ledger, or it cannot be read.
    init(state: String?) throws(CommandFailure) {
        directory = StateDirectory(state, besides: [])
        let ledger: SQLiteLedger?
        do throws(LedgerError) {
            ledger = try SQLiteLedger.openForReading(directory: directory.path)
        } catch {
            throw CommandFailure(.invalid, error.message)
        }
        guard let ledger else {
            throw CommandFailure(
                .invalid,
                "\(directory.path): there is no ledger here; give --state DIR, the one that schedule or tick works with"
            )
        }
        self.ledger = ledger
    }

    /// - Throws: ``CommandFailure`` with status 2 if it cannot be read.
    func entries(_ query: LedgerQuery) throws(CommandFailure) -> [LedgerEntry] {
        do throws(LedgerError) {
            return try ledger.entries(query, at: clock.now)
        } catch {
            throw CommandFailure(.invalid, error.message)
        }
    }
}
