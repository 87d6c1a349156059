import JobModel
import Timing
import YAMLText

/// Reads the jobs of a file.
struct JobReader {
    let settings: JobSettingsReader
    let schedules: ScheduleReader
    let scheduling: SchedulingReader
    let hooks: HookReader
    let expectations: ExpectationReader

    /// Settings that jobs do not share even if they give no others.
    private static let individualKeys = Set(
        ["lambda", "payload", "description", "schedule", "mutex"] + SchedulingReader.keys + HookReader.keys
            + ExpectationReader.keys)
    /// Settings that belong to one job and cannot be defaults.
    static let ownKeys =
        ["lambda", "input", "payload", "output", "description", "schedule"] + SchedulingReader.keys + HookReader.keys
        + ExpectationReader.keys

    /// Nil if something in it is wrong, and reported.
    func read(_ field: YAMLField) -> JobDefinition? {
        let hasName = JobName.check(field, of: "job")
        guard let reader = field.mapping() else { return nil }
        let settings = settings.read(reader, isCommon: reader.names.allSatisfy(Self.individualKeys.contains))
        let scheduled = reader.field("schedule")
        let schedule = scheduled.flatMap { schedules.read($0, job: field.name) }
        let policy = scheduling.read(reader, hasSchedule: scheduled != nil)
        let hooks = hooks.read(reader)
        let description = reader.field("description").flatMap { $0.text() }
        let expected = expectations.expectations(reader)
        let tags = expectations.tags(reader)
        reader.finish()
        guard hasName, let settings else { return nil }
        return JobDefinition(
            name: field.name, description: description, location: field.keyLocation, schedule: schedule,
            scheduling: policy, hooks: hooks, expectations: expected, tags: tags, payload: settings.payload,
            shared: settings.shared)
    }
}
