import TestSupport
import Testing

@testable import Results

@Suite struct LatencyHistogramTests {
    private static let percents: [Double] = [0, 1, 10, 25, 50, 75, 90, 95, 99, 99.9, 100]

    /// Spreads: narrow, over many powers of two, tiny, huge.
    @Test(arguments: [(1, 100), (1000, 2_000_000), (0, 300), (1, 1 << 41), (5_000_000, 5_000_100)] as [(Int64, Int64)])
    func percentilesAreWithinOnePercentOfAnExactSort(low: Int64, high: Int64) {
        var random = SeededGenerator(seed: UInt64(high))
        var histogram = LatencyHistogram()
        var values: [Int64] = []
        for _ in 0..<5000 {
            // Uniform in the exponent, as latencies are.
            let bound = Int64.random(in: low...high, using: &random)
            let value = Int64.random(in: low...max(low, bound), using: &random)
            values.append(value)
            histogram.record(microseconds: value)
        }
        values.sort()
        for percent in Self.percents {
            let rank = max(1, Int((percent / 100 * Double(values.count)).rounded(.up)))
            let exact = values[rank - 1]
            let error = abs(Double(histogram.percentile(percent) - exact))
            #expect(error <= Double(exact) * 0.01, "p\(percent): \(histogram.percentile(percent)) instead of \(exact)")
        }
        #expect(histogram.maximum == values.last)
        #expect(histogram.count == 5000)
    }

    @Test func smallValuesAreExact() {
        for value in Int64(0)..<256 {
            var histogram = LatencyHistogram()
            histogram.record(microseconds: value)
            histogram.record(microseconds: 1 << 30)
            #expect(histogram.percentile(50) == value)
        }
    }

    @Test func mergingEqualsRecordingTogether() {
        var random = SeededGenerator(seed: 7)
        var (left, right, both) = (LatencyHistogram(), LatencyHistogram(), LatencyHistogram())
        for number in 0..<1000 {
            let value = Int64.random(in: 0...9_000_000, using: &random)
            number % 3 == 0 ? left.record(microseconds: value) : right.record(microseconds: value)
            both.record(microseconds: value)
        }
        left.merge(right)
        #expect(left == both)
    }

    @Test func extremesNeitherTrapNorLie() {
        var histogram = LatencyHistogram()
        #expect(histogram.isEmpty && histogram.percentile(50) == 0 && histogram.maximum == 0)
        histogram.record(.seconds(-5))
        #expect(histogram.percentile(100) == 0)
        histogram.record(microseconds: .max)
        #expect(histogram.maximum == .max)
        #expect(histogram.percentile(100) == .max)
        #expect(histogram.percentile(-3) == 0)
        #expect(histogram.percentile(250) == .max)
    }
}
