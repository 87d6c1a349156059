package import JobModel
package import Templating

/// What a job's runs do, besides the payload: whom they invoke, and how.
package struct JobSettings: Sendable {
    /// The lambda's name in the file, or its UUID if the job names that.
    package var lambda: String
    package var target: LambdaTarget
    package var policy: RunPolicy
    package var record: RecordPolicy
    package var input: JobInput
    /// Entries of the body's `headers` array, in the order of the file.
    package var headers: [(name: String, value: TextTemplate)]
    package var userID: TextTemplate
    /// Of run, replay and smoke; `-` is stdout. Relative to the job file.
    package var output: TextTemplate
    /// Of schedule and tick, appended to; the same as ``output`` if the job has one.
    package var scheduledOutput: TextTemplate

    /// What its templates depend on, besides those of paths.
    var templateUse: TemplateUse {
        var use = userID.use
        for header in headers { use.formUnion(header.value.use) }
        if let key = input.key { use.formUnion(key.use) }
        return use
    }
}
