import JSONText
import JobModel
package import Templating
import YAMLText

/// Reads the jobs of a file.
struct JobReader {
    let templates: TemplateReader
    let defaults: JobFileReader.Defaults
    let lambdas: LambdaReader.Lambdas
    /// The job file, beside which input files are.
    let file: String

    /// Settings of a job that this version knows and does not carry out.
    private static let laterKeys = [
        "schedule", "overlap", "catchup", "catchupWindow", "catchupMax", "suspend", "onCrash", "onFailure", "onSuccess",
        "ping", "expect", "tags", "mutex",
    ]
    /// Settings that belong to one job and cannot be defaults.
    static let ownKeys =
        ["lambda", "input", "payload", "output", "description"] + laterKeys.filter { $0 != "mutex" }

    private static let defaultUserID = "fnrun"
    private static let defaultOutput = "results/{{ job.name }}-{{ run.id }}.jsonl"
    private static let defaultScheduledOutput =
        "results/{{ job.name }}/{{ run.nominalTime | date: '%Y-%m-%d' }}.jsonl"

    /// Nil if something in it is wrong, and reported.
    func read(_ field: YAMLField) -> JobDefinition? {
        let hasName = JobName.check(field, of: "job")
        guard let reader = field.mapping() else { return nil }
        let lambda = reader.required("lambda", hint: "name a lambda of 'lambdas', or a UUID").flatMap(resolve)
        let description = reader.field("description").flatMap { $0.text() }
        let overrides = PolicyOverrides(reading: reader)
        let recordOverrides = reader.field("record")?.mapping().map { RecordOverrides(reading: $0) }
        let input = InputReader(templates: templates, file: file).read(reader.field("input"))
        let payload = templates.payload(reader.field("payload"))
        let headers = headers(reader.field("headers"))
        let userID = userID(reader.field("userId") ?? defaults.userID)
        let outputs = outputs(reader.field("output"))
        reader.refuse(
            Self.laterKeys, code: .notSupportedYet, message: { "'\($0)' is not supported yet" }, hint: "leave it out")
        reader.finish()
        guard hasName, let lambda, let input, let payload, let headers, let userID, let outputs else { return nil }

        var policy = RunPolicy()
        defaults.policy.apply(to: &policy)
        lambda.overrides.apply(to: &policy)
        overrides.apply(to: &policy)
        policy.lambdaConcurrency = lambda.definition.concurrency
        policy.lambdaRate = lambda.definition.rate
        var record = RecordPolicy()
        defaults.record.apply(to: &record)
        recordOverrides?.apply(to: &record)
        var job = JobDefinition(
            name: field.name, description: description, location: field.keyLocation, lambda: lambda.definition.name,
            target: lambda.definition.target, policy: policy, record: record, input: input.input,
            payload: payload.template, headers: headers.map { ($0.name, $0.template) }, userID: userID.template,
            output: outputs.now, scheduledOutput: outputs.scheduled, hash: "")
        job.hash = JobHash.hash(
            target: job.target, payload: payload.source, headers: headers.map { ($0.name, $0.text) },
            userID: userID.text, input: input.input, key: input.key, use: job.templateUse,
            vars: templates.vars?.values ?? [:])
        return job
    }

    private func resolve(_ field: YAMLField) -> LambdaReader.Lambda? {
        guard let name = field.text() else { return nil }
        if let lambda = lambdas.lambda(named: name) { return lambda }
        // One with mistakes has been reported where it stands.
        if lambdas.isFaulty(name) { return nil }
        if UUIDText.isValid(name) {
            let definition = LambdaDefinition(
                name: name, target: LambdaTarget(address: .uuid(name)), location: field.node.location)
            return LambdaReader.Lambda(definition: definition, overrides: PolicyOverrides())
        }
        let shown = field.node.scalar?.raw.shortened ?? ""
        let hint = NameSuggestion.hint(for: shown, in: lambdas.names, listing: "lambdas of this file")
        field.sink.error(
            .unknownLambda, "there is no lambda '\(shown)'",
            hint: hint.isEmpty ? "name it under 'lambdas', or write its UUID" : hint, at: field.node.location)
        return nil
    }

    private typealias Header = (name: String, text: String, template: TextTemplate)

    /// Those of `defaults` and of the job, whose own win.
    private func headers(_ field: YAMLField?) -> [Header]? {
        var fields = defaults.headers
        if let field {
            guard let own = field.mapping()?.fields else { return nil }
            for header in own {
                if let position = fields.firstIndex(where: { $0.name == header.name }) {
                    fields[position] = header
                } else {
                    fields.append(header)
                }
            }
        }
        var isComplete = true
        let headers = fields.compactMap { field -> Header? in
            if field.name.isEmpty {
                templates.sink.error(.badName, "a header needs a name", at: field.keyLocation)
            } else if let text = field.text(booleans: true),
                let template = templates.text(text, of: field, scope: .row)
            {
                return (field.name, text, template)
            }
            isComplete = false
            return nil
        }
        return isComplete ? headers : nil
    }

    private func userID(_ field: YAMLField?) -> (text: String, template: TextTemplate)? {
        guard let field else {
            return templates.builtIn(Self.defaultUserID, scope: .row).map { (Self.defaultUserID, $0) }
        }
        guard let text = field.text() else { return nil }
        guard !text.isEmpty else { return field.mismatch("text", code: .badValue) }
        return templates.text(text, of: field, scope: .row).map { (text, $0) }
    }

    private func outputs(_ field: YAMLField?) -> (now: TextTemplate, scheduled: TextTemplate)? {
        guard let field else {
            guard let now = templates.builtIn(Self.defaultOutput, scope: .output),
                let scheduled = templates.builtIn(Self.defaultScheduledOutput, scope: .output)
            else { return nil }
            return (now, scheduled)
        }
        guard let text = field.text() else { return nil }
        guard !text.isEmpty else { return field.mismatch("a file name, or \"-\" for stdout", code: .badValue) }
        return templates.text(text, of: field, scope: .output).map { ($0, $0) }
    }
}

extension JobDefinition {
    /// What the templates of its requests and of its key depend on.
    package var templateUse: TemplateUse {
        var use = payload.use
        for header in headers { use.formUnion(header.value.use) }
        use.formUnion(userID.use)
        if let key = input.key { use.formUnion(key.use) }
        return use
    }
}
