import Foundation
import TestSupport

/// How much is killed, and by which seeds: little and always the same in `make test`, more in `make crash-test`.
enum CrashPlan {
    /// `FNRUN_CRASH_KILLS`: how many kills there are to be at least, over all scenarios; nil is the short version.
    static let kills = number("FNRUN_CRASH_KILLS")
    /// `FNRUN_CRASH_SEED`: the first seed; every failure tells its own.
    static let seed = UInt64(number("FNRUN_CRASH_SEED") ?? 1)

    static var isLong: Bool { kills != nil }

    /// The kills that fall to a scenario.
    ///
    /// - Parameters:
    ///   - short: how many they are in the short version.
    ///   - percent: which part of all of them in the long version.
    static func kills(short: Int, percent: Int) -> Int {
        kills.map { max(1, ($0 * percent + 99) / 100) } ?? short
    }

    /// How often something is repeated, each time by another seed.
    static func seeds(short: Int, long: Int) -> [UInt64] {
        (0..<UInt64(isLong ? long : short)).map { seed &+ $0 }
    }

    private static func number(_ name: String) -> Int? {
        ProcessInfo.processInfo.environment[name].flatMap { Int($0) }.flatMap { $0 > 0 ? $0 : nil }
    }
}
