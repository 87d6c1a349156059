internal import JSONText
internal import JobFile
package import JobModel
internal import Reactor
internal import Results
internal import Scheduling
internal import Timing

/// `fnrun plan`: upcoming occurrences.
package struct PlanFiles: Sendable {
    private static let standardCount = 10
    /// Output is written in pieces of so many bytes.
    private static let pieceSize = 1 << 16

    /// The years of RFC 3339 have four digits.
    private static let endOfTimes = Timestamp(seconds: 253_402_300_800)

    private let common: CommonSettings
    private let paths: [String]
    private let from: Timestamp?
    private let to: Timestamp?
    private let count: Int?

    /// - Parameters:
    ///   - from: inclusive; nil is now.
    ///   - to: exclusive; nil is no end.
    ///   - count: of each job; nil is 10, or all up to `to`.
    package init(common: CommonSettings, paths: [String], from: Timestamp?, to: Timestamp?, count: Int?) {
        self.common = common
        self.paths = paths
        self.from = from
        self.to = to
        self.count = count
    }

    /// - Throws: ``CommandFailure`` with status 2 if a file is wrong, 7 if stdout takes no more.
    package func execute() throws(CommandFailure) -> ExitStatus {
        let console = Console(settings: common)
        let files = JobFiles(common: common, console: console, zones: .system, lenientAccount: true)
        let jobs = try JobFileSet(paths, with: files).checked(console).flatMap(\.jobs)
        let planned = jobs.compactMap { job in
            job.schedule.map { PlannedJob(name: job.name, schedule: $0, isSuspended: job.scheduling.isSuspended) }
        }
        if planned.isEmpty { console.notice("no job of these files has a schedule") }
        let upcoming = UpcomingOccurrences(
            planned.map(\.schedule), from: from ?? SystemTimeSource().wallNow(),
            to: min(to ?? Self.endOfTimes, Self.endOfTimes),
            limit: count ?? (to == nil ? Self.standardCount : nil))
        switch common.format {
        case .json: try printJSON(upcoming, planned, console)
        case .text, .curl: try printText(upcoming, planned, console)
        }
        return .success
    }

    /// What lines tell of a job. A definition is too large to be copied for each of them.
    private struct PlannedJob {
        let name: String
        let schedule: Schedule
        let isSuspended: Bool
    }

    private func printJSON(
        _ upcoming: UpcomingOccurrences, _ planned: [PlannedJob], _ console: Console
    ) throws(CommandFailure) {
        var output = Array("[".utf8)
        var isFirst = true
        for element in upcoming {
            let job = planned[element.calendar]
            let detail = job.schedule.detail(of: element.occurrence.nominalTime)
            let nominal = element.occurrence.nominalTime.shortestRFC3339
            JSONWriter.append(raw: isFirst ? "\n{\"job\":\"" : ",\n{\"job\":\"", to: &output)
            isFirst = false
            // Names of jobs hold nothing that JSON escapes.
            output.append(contentsOf: job.name.utf8)
            JSONWriter.append(raw: "\",\"occurrence\":\"", to: &output)
            output.append(contentsOf: job.name.utf8)
            output.append(UInt8(ascii: "@"))
            output.append(contentsOf: nominal.utf8)
            JSONWriter.append(raw: "\",\"nominalTime\":\"", to: &output)
            output.append(contentsOf: nominal.utf8)
            JSONWriter.append(raw: "\",\"local\":\"", to: &output)
            output.append(contentsOf: detail.localTime.utf8)
            JSONWriter.append(raw: "\",\"fireTime\":\"", to: &output)
            output.append(contentsOf: element.occurrence.fireTime.shortestRFC3339.utf8)
            JSONWriter.append(raw: "\"", to: &output)
            if let note = note(job, detail) {
                JSONWriter.append(raw: ",\"note\":", to: &output)
                JSONWriter.append(string: note, to: &output)
            }
            JSONWriter.append(raw: "}", to: &output)
            if output.count >= Self.pieceSize {
                try console.data(output)
                output.removeAll(keepingCapacity: true)
            }
        }
        JSONWriter.append(raw: isFirst ? "]\n" : "\n]\n", to: &output)
        try console.data(output)
    }

    private func printText(
        _ upcoming: UpcomingOccurrences, _ planned: [PlannedJob], _ console: Console
    ) throws(CommandFailure) {
        let layout = PlanLayout(jobs: planned.map(\.name), width: console.outputWidth)
        var output: [UInt8] = []
        if !planned.isEmpty { layout.append("LOCAL TIME", "UTC", "JOB", "", to: &output) }
        for element in upcoming {
            let job = planned[element.calendar]
            let (nominalTime, fireTime) = (element.occurrence.nominalTime, element.occurrence.fireTime)
            let detail = job.schedule.detail(of: nominalTime)
            var remarks: [String] = []
            if fireTime != nominalTime { remarks.append("fires \(DisplayText.duration(fireTime - nominalTime)) later") }
            if let note = note(job, detail) { remarks.append(note) }
            layout.append(
                detail.localTime, nominalTime.shortestRFC3339, job.name, remarks.joined(separator: "; "), to: &output)
            if output.count >= Self.pieceSize {
                try console.data(output)
                output.removeAll(keepingCapacity: true)
            }
        }
        if !output.isEmpty { try console.data(output) }
    }

    private func note(_ job: PlannedJob, _ detail: OccurrenceDetail) -> String? {
        let notes = [job.isSuspended ? "suspended: will be skipped" : nil, detail.note].compactMap(\.self)
        return notes.isEmpty ? nil : notes.joined(separator: "; ")
    }
}
