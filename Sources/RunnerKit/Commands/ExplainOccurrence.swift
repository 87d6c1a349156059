internal import JSONText
package import JobModel
internal import Ledger

/// `fnrun why`: what became of one occurrence, and why.
package struct ExplainOccurrence: Sendable {
    private let common: CommonSettings
    private let state: String?
    private let job: String
    private let nominalTime: Timestamp

    /// - Parameter state: the state directory; nil is `.fnrun`.
    package init(common: CommonSettings, state: String?, job: String, nominalTime: Timestamp) {
        self.common = common
        self.state = state
        self.job = job
        self.nominalTime = nominalTime
    }

    /// - Returns: 1 if the ledger has no such occurrence.
    /// - Throws: ``CommandFailure`` with status 2 if there is no ledger.
    package func execute() throws(CommandFailure) -> ExitStatus {
        let console = Console(settings: common)
        let ledger = try LedgerReading(state: state)
        var query = LedgerQuery()
        query.job = job
        query.nominalTime = nominalTime
        query.limit = 1
        guard let entry = try ledger.entries(query).first else {
            try explainAbsence(ledger, console)
            return .failed
        }
        let lines = OccurrenceExplanation(entry: entry, state: ledger.directory.path).lines
        switch common.format {
        case .json:
            var output: [UInt8] = []
            entry.appendJSON(to: &output, explanation: lines.joined(separator: "; "))
            output.append(UInt8(ascii: "\n"))
            try console.data(output)
        case .text, .curl:
            let width = console.outputProseWidth
            var head = OccurrenceID(job: job, nominalTime: nominalTime).description
            if entry.count > 1 {
                head += " (one of \(entry.count), from \(entry.nominalTime.shortestRFC3339) "
                head += "to \(entry.lastNominalTime.shortestRFC3339))"
            }
            // What is to be copied stays in one line.
            let wrapped = lines.flatMap { line in
                OccurrenceExplanation.isCommand(line)
                    ? ["  " + line] : WrappedText.lines(line, first: "  ", rest: "    ", width: width)
            }
            let text = WrappedText.lines(head, rest: "  ", width: width) + wrapped
            try console.data(text.joined(separator: "\n"))
        }
        return .success
    }

    /// Says what the ledger has next to a time that it does not have.
    private func explainAbsence(_ ledger: LedgerReading, _ console: Console) throws(CommandFailure) {
        var query = LedgerQuery()
        query.job = job
        query.limit = 1
        let id = OccurrenceID(job: job, nominalTime: nominalTime)
        guard let latest = try ledger.entries(query).first else {
            console.error("\(id): the ledger in \(ledger.directory.path) has no occurrence of \(job)")
            return
        }
        query.to = nominalTime
        var text = "\(id): is not in the ledger: "
        if nominalTime > latest.lastNominalTime {
            text += "the last one of \(job) is \(latest.lastNominalTime.shortestRFC3339); "
            text += "this one is still to come, or is no time of its schedule (fnrun plan shows them)"
        } else if let before = try ledger.entries(query).first {
            text += "no time of its schedule, or one from before that was first seen; "
            text += "the one before is \(before.lastNominalTime.shortestRFC3339)"
        } else {
            text += "it is before the first that the ledger knows"
        }
        console.error(WrappedText.lines(text, rest: "  ", width: console.width).joined(separator: "\n"))
    }
}
