import JobModel
import Ledger
import TestSupport
import Testing

/// A folder that goes away with the test, opened anew for each handle.
final class SQLiteStore: LedgerStore {
    private let folder: TemporaryFolder
    let path: String

    init() throws {
        folder = try TemporaryFolder()
        path = folder.path + "/state"
    }

    func open() throws -> any OccurrenceLedger {
        let opened = try SQLiteLedger.open(directory: path, now: minute(0))
        #expect(opened.damaged == nil)
        return opened.ledger
    }
}

@Suite struct SQLiteLedgerConformanceTests {
    @Test(arguments: ConformanceCheck.all)
    func conforms(_ check: ConformanceCheck) throws {
        try check.run(Scene(try SQLiteStore()))
    }
}
