package import JobModel
package import Templating

/// What a job's runs do: whom they invoke, with what, and how.
package struct JobSettings: Sendable {
    /// The lambda's name in the file, or its UUID if the job names that.
    package var lambda: String
    package var target: LambdaTarget
    package var policy: RunPolicy
    package var record: RecordPolicy
    package var input: JobInput
    /// Without a `payload` of the job: the row.
    package var payload: PayloadTemplate
    /// Entries of the body's `headers` array, in the order of the file.
    package var headers: [(name: String, value: TextTemplate)]
    package var userID: TextTemplate
    /// Of run, replay and smoke; `-` is stdout. Relative to the job file.
    package var output: TextTemplate
    /// Of schedule and tick, appended to; the same as ``output`` if the job has one.
    package var scheduledOutput: TextTemplate
    /// SHA-256 over what decides the meaning of a row: lambda, payload, headers, userId, how input is parsed, key, and
    /// the values of the vars that these use. Not concurrency, rate, retry, tolerate, account, paths, schedule.
    package var hash: String

    /// What the templates of its requests and of its key depend on.
    var templateUse: TemplateUse {
        var use = payload.use
        for header in headers { use.formUnion(header.value.use) }
        use.formUnion(userID.use)
        if let key = input.key { use.formUnion(key.use) }
        return use
    }
}
