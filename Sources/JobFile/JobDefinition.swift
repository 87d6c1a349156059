import Digest
package import Expectations
package import JobModel
package import Templating
package import Timing

/// A job, with the defaults of the file and its lambda applied.
///
/// It has the members of ``JobSettings``, too. Jobs that give none of these themselves share them, so that a file of
/// many small jobs, each with a payload of its own, takes little room.
@dynamicMemberLookup
package struct JobDefinition: Sendable {
    package var name: String
    package var description: String?
    /// The job's name in the file.
    package var location: SourceLocation
    /// When it runs by itself; nil if it never does.
    package var schedule: Schedule?
    /// Of a job without a schedule only its mutexes mean anything.
    package var scheduling: SchedulePolicy
    package var hooks: RunHooks
    private let content: JobPayload
    /// What smoke tests expect of each invocation; nil if it is none. Other commands leave it aside.
    package var expectations: ExpectationSet?
    /// By which smoke tests are chosen.
    package var tags: [String]
    private var shared: SharedJobSettings

    init(
        name: String, description: String?, location: SourceLocation, schedule: Schedule?, scheduling: SchedulePolicy,
        hooks: RunHooks, expectations: ExpectationSet?, tags: [String], payload: JobPayload, shared: SharedJobSettings
    ) {
        self.name = name
        self.description = description
        self.location = location
        self.schedule = schedule
        self.scheduling = scheduling
        self.hooks = hooks
        content = payload
        self.expectations = expectations
        self.tags = tags
        self.shared = shared
    }

    /// Without a `payload` of the job: the row.
    package var payload: PayloadTemplate { content.template }

    /// SHA-256 over what decides the meaning of a row: lambda, payload, headers, userId, how input is parsed, key, and
    /// the values of the vars that these use. Not concurrency, rate, retry, tolerate, account, paths, schedule.
    package var hash: String { content.digest.hexadecimal }

    /// What the templates of its requests and of its key depend on.
    var templateUse: TemplateUse {
        var use = settings.templateUse
        use.formUnion(payload.use)
        return use
    }

    /// All settings that it may share with others.
    var settings: JobSettings { shared.settings }

    package subscript<Value>(dynamicMember setting: WritableKeyPath<JobSettings, Value>) -> Value {
        get { shared.settings[keyPath: setting] }
        set {
            var settings = shared.settings
            settings[keyPath: setting] = newValue
            shared = SharedJobSettings(settings)
        }
    }
}

/// Settings of one or many jobs. A class, so that each job holds a reference only; it never changes.
final class SharedJobSettings: Sendable {
    let settings: JobSettings

    init(_ settings: JobSettings) {
        self.settings = settings
    }
}
