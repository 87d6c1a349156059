import JobModel
import Testing

@testable import Timing

/// Schedules in a zone, by looking at each minute: slow and plain.
struct MinuteReference {
    struct Change: Sendable, Hashable {
        var at: Int64
        var before: Int64
        var after: Int64
    }

    struct Case: Sendable, CustomTestStringConvertible {
        var text: String
        var followsRealTime = false
        var daylight = DaylightPolicy()
        /// Of local minutes of a day.
        var matches: @Sendable (_ hour: Int64, _ minute: Int64) -> Bool
        var testDescription: String { "\(text), \(daylight.gap), \(daylight.overlap)" }
    }

    var initialOffset: Int64
    /// At full minutes.
    var changes: [Change]

    private var widestChange: Int64 { changes.map { abs($0.after - $0.before) }.max() ?? 0 }

    /// Looks at each minute's local time, and at each local time's minutes.
    func times(of item: Case, in window: Range<Int64>) -> [Int64] {
        // Far enough that all that shows the same local times is inside.
        let margin = max(6 * 3600, 2 * widestChange)
        var instants: [Int64: [Int64]] = [:]
        var offset = initialOffset
        var upcoming = changes[...]
        var jumps: [(at: Int64, skipped: Range<Int64>)] = []
        for instant in stride(from: window.lowerBound - margin, to: window.upperBound + margin, by: 60) {
            while let change = upcoming.first, change.at <= instant {
                offset = change.after
                upcoming = upcoming.dropFirst()
                if change.at == instant, change.after > change.before {
                    jumps.append((instant, instant + change.before..<instant + change.after))
                }
            }
            let local = instant + offset
            let day = local.flooredDivision(by: 86_400) * 86_400
            guard item.matches((local - day) / 3600, (local - day) / 60 % 60) else { continue }
            instants[local, default: []].append(instant)
        }
        var found: Set<Int64> = []
        for (_, all) in instants {
            switch item.daylight.overlap {
            case _ where item.followsRealTime: found.formUnion(all)
            case .both: found.formUnion(all)
            case .first: found.formUnion(all.prefix(1))
            case .second: found.formUnion(all.suffix(1))
            }
        }
        if !item.followsRealTime, item.daylight.gap == .shift {
            for jump in jumps {
                for local in stride(from: jump.skipped.lowerBound, to: jump.skipped.upperBound, by: 60) {
                    let day = local.flooredDivision(by: 86_400) * 86_400
                    if item.matches((local - day) / 3600, (local - day) / 60 % 60), instants[local] == nil {
                        found.insert(jump.at)
                    }
                }
            }
        }
        return found.filter(window.contains).sorted()
    }
}
