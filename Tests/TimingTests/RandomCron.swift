import JobModel
import TestSupport

/// A random cron expression beside what it means, said slowly.
struct RandomCron {
    private(set) var text = ""
    private var second: Set<Int> = [0]
    private var minute: Set<Int> = []
    private var hour: Set<Int> = []
    private var day: Set<Int> = []
    private var month: Set<Int> = []
    private var weekday: Set<Int> = []
    private var lastDay = false
    /// Weekday and 1 to 5, or 6 for the last.
    private var ordinals: [(weekday: Int, ordinal: Int)] = []
    private var both = false

    init(using random: inout SeededGenerator) {
        var words: [String] = []
        if Int.random(in: 0..<3, using: &random) == 0 {
            second = []
            words.append(Self.field(0...59, &second, &random))
        }
        words.append(Self.field(0...59, &minute, &random))
        words.append(Self.field(0...23, &hour, &random))
        var days = Self.field(1...31, &day, &random)
        if Int.random(in: 0..<5, using: &random) == 0 {
            lastDay = true
            days += ",L"
        }
        words.append(days)
        words.append(Self.field(1...12, &month, &random))
        var weekdays = Self.field(0...7, &weekday, &random)
        if Int.random(in: 0..<4, using: &random) == 0 {
            let weekday = Int.random(in: 0...7, using: &random)
            let ordinal = Int.random(in: 1...6, using: &random)
            let entry = ordinal == 6 ? "\(weekday)L" : "\(weekday)#\(ordinal)"
            if Bool.random(using: &random) {
                weekdays += "," + entry
            } else {
                weekdays = entry
                self.weekday = []
            }
            ordinals = [(weekday % 7, ordinal)]
        }
        weekday = Set(weekday.map { $0 % 7 })
        words.append(weekdays)
        both = days.hasPrefix("*") || weekdays.hasPrefix("*")
        text = words.joined(separator: " ")
    }

    private static func field(
        _ range: ClosedRange<Int>, _ values: inout Set<Int>, _ random: inout SeededGenerator
    ) -> String {
        var entries: [String] = []
        for _ in 0...Int.random(in: 0...2, using: &random) {
            let low = Int.random(in: range, using: &random)
            let high = Int.random(in: low...range.upperBound, using: &random)
            let step = Int.random(in: 1...range.count, using: &random)
            switch Int.random(in: 0..<8, using: &random) {
            case 0:
                entries.append("*")
                values.formUnion(range)
            case 1:
                entries.append("*/\(step)")
                values.formUnion(stride(from: range.lowerBound, through: range.upperBound, by: step))
            case 2:
                entries.append("\(low)/\(step)")
                values.formUnion(stride(from: low, through: range.upperBound, by: step))
            case 3:
                entries.append("\(low)-\(high)")
                values.formUnion(low...high)
            case 4:
                entries.append("\(low)-\(high)/\(step)")
                values.formUnion(stride(from: low, through: high, by: step))
            default:
                entries.append("\(low)")
                values.insert(low)
            }
        }
        return entries.joined(separator: ",")
    }

    /// The times of day, in seconds, in order.
    var timesOfDay: [Int] {
        var times: [Int] = []
        for hour in hour.sorted() {
            for minute in minute.sorted() {
                for second in second.sorted() { times.append((hour * 60 + minute) * 60 + second) }
            }
        }
        return times
    }

    var timesADay: Int { second.count * minute.count * hour.count }

    func matches(day number: Int64) -> Bool {
        let date = CivilDateTime(secondsSinceEpoch: number * 86_400)
        guard month.contains(date.month) else { return false }
        let length = CivilDateTime.days(inMonth: date.month, of: date.year)
        let byDate = day.contains(date.day) || (lastDay && date.day == length)
        let byWeekday =
            weekday.contains(date.weekday)
            || ordinals.contains { weekday, ordinal in
                date.weekday == weekday
                    && (ordinal == 6 ? date.day + 7 > length : (date.day + 6) / 7 == ordinal)
            }
        return both ? byDate && byWeekday : byDate || byWeekday
    }
}
