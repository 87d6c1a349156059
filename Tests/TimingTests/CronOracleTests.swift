import JobModel
import Testing

@testable import Timing

/// What `cronsim`, which imitates Debian's cron, answers: see scripts/record-cron-oracle.
@Suite
struct CronOracleTests {
    private struct Line {
        var expression: String
        var zone: String
        var start: Int64
        var times: [Int64]

        init?(_ text: Substring) {
            let columns = text.split(separator: "\t", omittingEmptySubsequences: false)
            guard columns.count == 4, let start = Int64(columns[2]) else { return nil }
            expression = String(columns[0])
            zone = String(columns[1])
            self.start = start
            times = columns[3].split(separator: " ").compactMap { Int64($0) }
        }
    }

    private static let end = Timestamp(seconds: 1_735_689_600)

    private func lines() throws -> [Line] {
        let folder = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast()
        let path = folder.joined(separator: "/") + "/Fixtures/cron-oracle.tsv"
        let bytes = try SmallFile.read(path, limit: 1 << 20).get()
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n").filter { !$0.hasPrefix("#") }
        return try lines.map { try #require(Line($0)) }
    }

    @Test func agreesWithDebiansCron() throws {
        let lines = try lines()
        #expect(lines.count > 1000)
        for line in lines {
            let schedule = try Schedules.cron(line.expression, in: line.zone)
            var times: [Int64] = []
            var position = Timestamp(seconds: line.start)
            while times.count < 6, let next = schedule.next(after: position), next.nominalTime < Self.end {
                times.append(next.nominalTime.seconds)
                position = next.nominalTime
            }
            #expect(times == line.times, "\(line.expression) in \(line.zone) from \(line.start)")
        }
    }
}
