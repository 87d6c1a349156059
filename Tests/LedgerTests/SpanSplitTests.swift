import JobModel
import Testing

@testable import Ledger

@Suite struct SpanSplitTests {
    private func parts(
        _ row: OccurrenceSpan, at number: Int, previous: Int?, next: Int?, earlier: OccurrenceSpan? = nil
    ) -> [OccurrenceSpan] {
        row.split(at: minute(number), previous: previous.map(minute), next: next.map(minute), earlier: earlier)
    }

    @Test func leavesWhatIsBeforeAndAfter() {
        #expect(parts(span(5, 5), at: 5, previous: 4, next: 6).isEmpty)
        #expect(parts(span(1, 2), at: 1, previous: nil, next: 2) == [span(2, 2)])
        #expect(parts(span(1, 2), at: 2, previous: 1, next: nil) == [span(1, 1)])
        #expect(parts(span(1, 3), at: 2, previous: 1, next: 3) == [span(1, 1), span(3, 3)])
    }

    @Test(arguments: 1...200)
    func isExactForEvenSteps(number: Int) {
        let expected = (number > 1 ? [span(1, number - 1)] : []) + (number < 200 ? [span(number + 1, 200)] : [])
        #expect(parts(span(1, 200), at: number, previous: number - 1, next: number + 1) == expected)
    }

    @Test func takesTheNumberGiven() {
        let row = OccurrenceSpan(first: minute(0), last: minute(100), count: 10)
        let earlier = OccurrenceSpan(first: minute(0), last: minute(50), count: 2)
        #expect(parts(row, at: 51, previous: 50, next: 60, earlier: earlier).map(\.count) == [2, 7])
        // The row began elsewhere when the number was found out.
        let stale = OccurrenceSpan(first: minute(-10), last: minute(50), count: 2)
        #expect(parts(row, at: 51, previous: 50, next: 60, earlier: stale).map(\.count) != [2, 7])
        let excessive = OccurrenceSpan(first: minute(0), last: minute(50), count: 1000)
        #expect(parts(row, at: 51, previous: 50, next: 60, earlier: excessive).map(\.count) == [8, 2])
    }

    /// The row is of an earlier schedule, whose times the neighbours do not know.
    @Test(
        arguments: [
            (50, nil, nil), (50, -10, 200), (50, 50, 50), (50, 70, 30), (0, nil, nil), (100, nil, nil), (50, 20, nil),
        ] as [(Int, Int?, Int?)])
    func staysInsideTheRow(number: Int, previous: Int?, next: Int?) {
        for count in [2, 3, 4, 100, Int.max] {
            let row = OccurrenceSpan(first: minute(0), last: minute(100), count: count)
            let parts = parts(row, at: number, previous: previous, next: next)
            #expect(parts.allSatisfy { $0.first >= row.first && $0.last <= row.last && $0.first <= $0.last })
            #expect(parts.allSatisfy { !($0.first...$0.last).contains(minute(number)) })
            #expect(parts.allSatisfy { $0.count >= 1 && ($0.count > 1) == ($0.first < $0.last) })
        }
    }
}
