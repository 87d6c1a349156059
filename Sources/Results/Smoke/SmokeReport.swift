package import JobModel

/// What became of the cases of one job.
package struct SmokeSuite: Sendable {
    /// Of the job file, as the user gave it.
    package var file: String
    package var job: String
    /// Of the job in its file.
    package var line: Int
    /// In order of their rows.
    package var cases: [SmokeCase]
    /// Why not all of its cases were run; nil if they were.
    package var problem: String?
    /// An earlier failure was to be the end: nothing of the job was run.
    package var isSkipped: Bool
    /// Of the first try; empty if it never began.
    package var runID: String
    /// Where its records are; nil if there are none.
    package var results: String?
    package var startedAt: Timestamp
    package var duration: Duration

    package init(
        file: String, job: String, line: Int, cases: [SmokeCase] = [], problem: String? = nil, isSkipped: Bool = false,
        runID: String = "", results: String? = nil, startedAt: Timestamp, duration: Duration = .zero
    ) {
        self.file = file
        self.job = job
        self.line = line
        self.cases = cases
        self.problem = problem
        self.isSkipped = isSkipped
        self.runID = runID
        self.results = results
        self.startedAt = startedAt
        self.duration = duration
    }

    /// Something of it was not as expected or could not be run.
    package var isFailed: Bool {
        problem != nil || cases.contains { $0.verdict == .failed || $0.verdict == .error }
    }
}

/// What became of a smoke test.
package struct SmokeReport: Sendable {
    /// fnrun's own version.
    package var version: String
    package var startedAt: Timestamp
    package var duration: Duration
    /// In the order of files and jobs.
    package var suites: [SmokeSuite]

    package init(version: String, startedAt: Timestamp, duration: Duration, suites: [SmokeSuite]) {
        self.version = version
        self.startedAt = startedAt
        self.duration = duration
        self.suites = suites
    }

    package var counts: SmokeCounts { SmokeCounts(suites) }
    package var isFailed: Bool { suites.contains(where: \.isFailed) }

    /// The suites of each file, files in their order.
    var files: [(file: String, suites: ArraySlice<SmokeSuite>)] {
        var files: [(file: String, suites: ArraySlice<SmokeSuite>)] = []
        var start = suites.startIndex
        while start < suites.endIndex {
            let file = suites[start].file
            let end = suites[start...].firstIndex { $0.file != file } ?? suites.endIndex
            files.append((file, suites[start..<end]))
            start = end
        }
        return files
    }
}

/// How many cases came to which verdict.
package struct SmokeCounts: Sendable, Hashable {
    private var byVerdict: [SmokeCase.Verdict: Int] = [:]
    /// Jobs of which not all could be run, for a reason that is none of a case's.
    package private(set) var brokenJobs = 0
    package private(set) var skippedJobs = 0

    package init(_ suites: some Sequence<SmokeSuite>) {
        for suite in suites {
            if suite.problem != nil { brokenJobs += 1 }
            if suite.isSkipped { skippedJobs += 1 }
            for verdict in suite.cases.lazy.map(\.verdict) { byVerdict[verdict, default: 0] += 1 }
        }
    }

    package subscript(verdict: SmokeCase.Verdict) -> Int { byVerdict[verdict] ?? 0 }
    package var cases: Int { byVerdict.values.reduce(0, +) }

    /// Such as `3 passed, 1 failed, 1 flaky`.
    package var words: String {
        var words = ["\(self[.passed]) passed", "\(self[.failed]) failed"]
        if self[.flaky] > 0 { words.append("\(self[.flaky]) flaky") }
        if self[.error] > 0 { words.append("\(self[.error]) could not be run") }
        if self[.skipped] > 0 { words.append("\(self[.skipped]) not run") }
        if brokenJobs > 0 { words.append(DisplayText.count(brokenJobs, "job", "jobs") + " broken off") }
        if skippedJobs > 0 { words.append(DisplayText.count(skippedJobs, "job", "jobs") + " not run") }
        return words.joined(separator: ", ")
    }
}
