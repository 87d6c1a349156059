/// A point of a report in one of the formats of others, which know cases alone: a case, or a job that is none.
struct SmokePoint {
    enum Kind {
        case judged(SmokeCase)
        /// It could not be run, or not all of the job was.
        case broken(String)
        /// Nothing of the job was run.
        case skipped
    }

    var suite: SmokeSuite
    /// The case's name inside of its job, unique there.
    var name: String
    var kind: Kind

    /// The points of one job, in order.
    static func points(of suite: SmokeSuite) -> [SmokePoint] {
        let labels = suite.cases.reduce(into: [:]) { $0[$1.label, default: 0] += 1 }
        var points = suite.cases.map { one in
            let isUnique = one.key == nil || labels[one.label] == 1
            let name = suite.cases.count == 1 && one.key == nil ? suite.job : one.label
            let kind: Kind =
                if one.verdict == .skipped, let problem = suite.problem { .broken(problem) } else { .judged(one) }
            return SmokePoint(suite: suite, name: isUnique ? name : "\(name) (row \(one.index))", kind: kind)
        }
        if suite.isSkipped { points.append(SmokePoint(suite: suite, name: suite.job, kind: .skipped)) }
        // A case that could not be run tells it; else the job does.
        if let problem = suite.problem, !suite.cases.contains(where: { $0.verdict == .skipped }) {
            points.append(SmokePoint(suite: suite, name: suite.job, kind: .broken(problem)))
        }
        return points
    }

    /// Why nothing is known of it; the text of reports.
    static let notRun = "not run: an earlier case failed, or the test was stopped"
}
