import JobModel
import YAMLText

/// Reads what becomes of a job's occurrences, and which runs exclude each other.
struct SchedulingReader {
    /// Of jobs that give none.
    let defaultMutexes: [String]

    /// Settings that are for jobs with a schedule.
    static let keys = ["overlap", "catchup", "catchupWindow", "catchupMax", "suspend", "onCrash"]

    static let aliases: [String: OverlapPolicy] = [
        "Forbid": .skip, "Replace": .cancelOther, "Allow": .allowAll,
    ]
    /// More than anybody would wait for.
    static let mostCaughtUp = 10_000

    func read(_ reader: YAMLMappingReader, hasSchedule: Bool) -> SchedulePolicy {
        var policy = SchedulePolicy()
        policy.mutexes = reader.field("mutex").flatMap(Self.mutexes) ?? defaultMutexes
        let fields = Self.keys.compactMap { reader.field($0) }
        guard !fields.isEmpty else { return policy }
        for field in fields { Self.read(field, into: &policy) }
        if hasSchedule {
            warn(of: fields, policy)
        } else {
            for field in fields {
                field.sink.warning(
                    .noEffect, "'\(field.name)' has no effect without 'schedule'",
                    hint: "give the job a schedule, or remove it", at: field.keyLocation)
            }
        }
        return policy
    }

    /// Of settings that do not go together.
    private func warn(of fields: [YAMLField], _ policy: SchedulePolicy) {
        func given(_ name: String) -> YAMLField? { fields.first { $0.name == name } }
        if policy.catchUp == .all, given("catchupWindow") == nil, let field = given("catchup") {
            field.sink.warning(
                .noEffect, "'catchup: all' without 'catchupWindow': only the latest is in the default window",
                hint: "add catchupWindow: how late runs may begin, such as 12h", at: field.keyLocation)
        }
        if policy.catchUp != .all, let field = given("catchupMax") {
            field.sink.warning(
                .noEffect, "'catchupMax' has no effect without 'catchup: all'", hint: "remove it",
                at: field.keyLocation)
        }
    }

    private static func read(_ field: YAMLField, into policy: inout SchedulePolicy) {
        switch field.name {
        case "overlap": policy.overlap = overlap(field) ?? policy.overlap
        case "catchup": policy.catchUp = field.choice(CatchUpPolicy.self) ?? policy.catchUp
        case "catchupWindow": policy.catchUpWindow = field.duration(atLeast: .milliseconds(1))
        case "catchupMax": policy.catchUpMaximum = field.integer(in: 1...mostCaughtUp) ?? policy.catchUpMaximum
        case "suspend": policy.isSuspended = field.boolean() ?? policy.isSuspended
        default: policy.onCrash = field.choice(CrashPolicy.self) ?? policy.onCrash
        }
    }

    /// The words of this format, or those of Kubernetes' `concurrencyPolicy`.
    private static func overlap(_ field: YAMLField) -> OverlapPolicy? {
        if case .string(let text) = field.node.scalar?.value, let policy = aliases[text] { return policy }
        return field.choice(OverlapPolicy.self)
    }

    /// One name or a list of them; `null` is none.
    static func mutexes(_ field: YAMLField) -> [String]? {
        if field.isNull { return [] }
        guard field.node.sequence != nil else { return mutex(field).map { [$0] } }
        var names: [String] = []
        for element in field.elements() ?? [] {
            guard let name = mutex(element), !names.contains(name) else { continue }
            names.append(name)
        }
        return names
    }

    private static func mutex(_ field: YAMLField) -> String? {
        guard field.node.scalar != nil else { return field.mismatch("a name, or a list of names") }
        guard let name = field.text() else { return nil }
        return JobName.isValid(name) ? name : field.refuse("this is no name", code: .badName, hint: JobName.rule)
    }
}
