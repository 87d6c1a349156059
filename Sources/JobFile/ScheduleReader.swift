import JobModel
import Timing
import YAMLText

/// Reads the setting `schedule` of a job: one element, or a list of them.
struct ScheduleReader {
    let source: SourceText
    let sink: DiagnosticSink
    let zones: ZoneReader

    private static let example = #"write { cron: "15 2 * * *" }, { every: 15m } or { at: 2026-11-22T01:15:00Z }"#
    private static let kinds = ["cron", "every", "at"]

    /// - Parameter job: the job's name, which decides `H` and jitter.
    /// - Returns: nil if something is wrong, and reported.
    func read(_ field: YAMLField, job: String) -> Schedule? {
        guard field.node.sequence != nil else { return element(field, job: job).map { Schedule([$0], seed: job) } }
        guard let fields = field.elements() else { return nil }
        guard !fields.isEmpty else {
            return field.refuse("there is nothing in the list", hint: "leave 'schedule' out, or \(Self.example)")
        }
        let elements = fields.compactMap { element($0, job: job) }
        return elements.count == fields.count ? Schedule(elements, seed: job) : nil
    }

    private func element(_ field: YAMLField, job: String) -> ScheduleElement? {
        guard field.node.mapping != nil, let reader = field.mapping() else {
            return field.mismatch("a mapping with cron, every or at", hint: Self.example)
        }
        let problems = sink.errorCount
        let zone = zones.zone(reader.field("timeZone"), of: reader)
        let rule = rule(reader, job: job, zone: zone)
        let jitter = reader.field("jitter").flatMap { $0.duration() } ?? .zero
        let startAt = reader.field("startAt").flatMap { time($0, in: zone) }
        let end = reader.field("endAt")
        let endAt = end.flatMap { time($0, in: zone) }
        let excluded = reader.field("exclude").map(dates) ?? []
        let daylight = reader.field("dst").map { self.daylight($0, of: rule) } ?? DaylightPolicy()
        reader.finish()
        if let startAt, let endAt, let end, startAt >= endAt {
            let _: Int? = end.refuse("not after startAt", hint: "startAt is inclusive, endAt is not")
        }
        guard sink.errorCount == problems, let rule, let zone else { return nil }
        let element = ScheduleElement(
            rule: rule, written: reader.field("cron")?.node.scalar?.text ?? "", timeZone: zone.rules,
            zoneName: zone.name, jitter: jitter, startAt: startAt, endAt: endAt,
            excludedDates: excluded, daylight: daylight)
        guard startAt == nil && endAt == nil || !Schedule([element], seed: job).neverFires else {
            return field.refuse(
                "never fires between startAt and endAt", hint: "see what 'fnrun plan' shows without them")
        }
        return element
    }

    /// What one of `cron`, `every` and `at` says.
    private func rule(_ reader: YAMLMappingReader, job: String, zone: ZoneReader.Zone?) -> ScheduleElement.Rule? {
        let given = Self.kinds.compactMap { reader.field($0) }
        let phase = reader.field("phase")
        guard let field = given.first else {
            sink.error(
                .missingKey, "\(reader.path) lacks 'cron', 'every' or 'at'", hint: Self.example, at: reader.location)
            return nil
        }
        if given.count > 1 {
            let places = given.map(\.keyLocation).sorted()
            sink.error(
                .badValue, "\(reader.path) has both '\(given[0].name)' and '\(given[1].name)'",
                hint: "make a list of two elements for both, or remove one", at: places[1])
            return nil
        }
        if field.name != "every", let phase {
            sink.error(.badValue, "\(phase.path) belongs to every", hint: "remove it", at: phase.keyLocation)
        }
        switch field.name {
        case "cron": return cron(field, job: job).map { .cron($0) }
        case "at": return time(field, in: zone).map { .at($0) }
        default:
            guard let period = field.duration(atLeast: ScheduleElement.shortestPeriod) else { return nil }
            let offset = phase.flatMap { $0.duration() } ?? .zero
            guard offset < period else {
                return phase?.refuse("not shorter than every", hint: "write less than \(period.durationText)")
            }
            return .every(period, phase: offset)
        }
    }

    private func cron(_ field: YAMLField, job: String) -> CronExpression? {
        guard let text = field.text() else { return nil }
        let isSubstituted = field.node.scalar?.isSubstituted == true
        do throws(CronError) {
            let expression = try CronExpression(text, seed: job)
            guard expression.neverFires else { return expression }
            return field.refuse(
                "never fires: no date has such a day in such a month",
                hint: isSubstituted ? "" : "check day of month, month and day of week")
        } catch {
            let raw = field.node.scalar?.raw.shortened ?? ""
            // Its own words would show what a variable held.
            sink.error(
                .badCron,
                isSubstituted
                    ? "\(field.path): with its variables filled in, this is no cron expression: \(raw)"
                    : "\(field.path): \(error.message)",
                hint: isSubstituted ? "" : error.hint ?? "",
                at: field.node.location(ofOffset: error.range.lowerBound, length: error.range.count, in: source))
            return nil
        }
    }

    private func time(_ field: YAMLField, in zone: ZoneReader.Zone?) -> Timestamp? {
        guard let text = field.text() else { return nil }
        if let time = Timestamp(rfc3339: text) { return time }
        var hint = ""
        if let zone, field.node.scalar?.isSubstituted == false, let whole = LocalTimeHint.time(text, in: zone.rules) {
            hint = "give the date, the time and the offset from UTC: \(whole)"
        }
        return field.mismatch("a time such as 2026-11-22T01:15:00Z", code: .badValue, hint: hint)
    }

    private func dates(_ field: YAMLField) -> Set<CivilDate> {
        let elements = field.elements(of: "a list of dates such as [2026-12-25]") ?? []
        return Set(
            elements.compactMap { element -> CivilDate? in
                guard let text = element.text() else { return nil }
                return CivilDate(text) ?? element.mismatch("a date such as 2026-12-25", code: .badValue)
            })
    }

    private func daylight(_ field: YAMLField, of rule: ScheduleElement.Rule?) -> DaylightPolicy {
        var policy = DaylightPolicy()
        switch rule {
        case .every, .at:
            sink.error(
                .badValue, "\(field.path) belongs to cron: every and at name instants, which clocks do not change",
                hint: "remove it", at: field.keyLocation)
        case .cron(let expression) where expression.followsRealTime:
            sink.warning(
                .noEffect, "\(field.path) has no effect: a cron whose minute or hour begins with '*' follows real time",
                hint: "remove it", at: field.keyLocation)
        case .cron, nil: break
        }
        guard let reader = field.mapping() else { return policy }
        if let gap = reader.field("gap")?.choice(DaylightPolicy.Gap.self) { policy.gap = gap }
        if let overlap = reader.field("overlap")?.choice(DaylightPolicy.Overlap.self) { policy.overlap = overlap }
        reader.finish()
        return policy
    }
}
