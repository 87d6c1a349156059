internal import Results

/// The lines of a plan in columns. Plans may be long: lines are written one by one, at widths that are known before.
struct PlanLayout {
    /// `2027-03-28T03:00:00+02:00`
    private static let localWidth = 25
    /// `2027-03-28T01:00:00Z`
    private static let timeWidth = 20
    private static let gap = 2
    private static let narrowestJob = 8

    private let width: Int
    private let jobWidth: Int

    /// - Parameter width: of the terminal; longer names are cut to it, and notes stand on a line of their own.
    init(jobs: [String], width: Int) {
        self.width = width
        let widest = jobs.reduce(3) { max($0, $1.utf8.count) }
        jobWidth = min(widest, max(Self.narrowestJob, width - Self.start))
    }

    /// Where the jobs' column begins.
    private static var start: Int { localWidth + timeWidth + 2 * gap }

    func append(_ local: String, _ utc: String, _ job: String, _ note: String, to output: inout [UInt8]) {
        // Names of jobs are ASCII: a byte is a cell.
        let job = job.utf8.count > jobWidth ? TextFit.cut(job, to: jobWidth) : job
        Self.append(local, padding: Self.localWidth - local.utf8.count + Self.gap, to: &output)
        Self.append(utc, padding: Self.timeWidth - utc.utf8.count + Self.gap, to: &output)
        if note.isEmpty {
            Self.append(job, padding: 0, to: &output)
        } else if Self.start + jobWidth + Self.gap + note.count <= width {
            Self.append(job, padding: jobWidth - job.count + Self.gap, to: &output)
            Self.append(note, padding: 0, to: &output)
        } else {
            Self.append(job, padding: 0, to: &output)
            Self.append("\n  ", padding: 0, to: &output)
            Self.append(note, padding: 0, to: &output)
        }
        output.append(UInt8(ascii: "\n"))
    }

    private static func append(_ text: String, padding: Int, to output: inout [UInt8]) {
        output.append(contentsOf: text.utf8)
        output.append(contentsOf: repeatElement(UInt8(ascii: " "), count: max(0, padding)))
    }
}
