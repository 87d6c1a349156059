internal import JSONText
package import JobModel
internal import Ledger
internal import Reactor

/// `fnrun history`: what became of occurrences.
package struct ShowHistory: Sendable {
    private let common: CommonSettings
    private let state: String?
    private let query: LedgerQuery

    /// - Parameters:
    ///   - state: the state directory; nil is `.fnrun`.
    ///   - from: inclusive.
    ///   - to: exclusive.
    package init(
        common: CommonSettings, state: String?, job: String?, from: Timestamp?, to: Timestamp?, limit: Int?
    ) {
        self.common = common
        self.state = state
        var query = LedgerQuery()
        query.job = job
        query.from = from
        query.to = to
        query.limit = limit
        self.query = query
    }

    /// - Throws: ``CommandFailure`` with status 2 if there is no ledger.
    package func execute() throws(CommandFailure) -> ExitStatus {
        let console = Console(settings: common)
        let ledger = try LedgerReading(state: state)
        let entries = try ledger.entries(query)
        switch common.format {
        case .json:
            var output = Array("[".utf8)
            for (position, entry) in entries.enumerated() {
                JSONWriter.append(raw: position == 0 ? "\n" : ",\n", to: &output)
                entry.appendJSON(to: &output)
            }
            JSONWriter.append(raw: entries.isEmpty ? "]\n" : "\n]\n", to: &output)
            try console.data(output)
        case .text, .curl:
            if entries.isEmpty { return try tellNothing(ledger, console) }
            try console.data(
                HistoryText.lines(entries, width: console.outputWidth, usesColor: console.outputUsesColor)
                    .joined(separator: "\n"))
        }
        return .success
    }

    private func tellNothing(_ ledger: LedgerReading, _ console: Console) throws(CommandFailure) -> ExitStatus {
        let ofJob = query.job.map { " of job \($0)" } ?? ""
        console.notice("\(ledger.directory.path): the ledger has no occurrence\(ofJob)")
        return .success
    }
}
