import JSONText
import JobModel
import Templating
import YAMLText

/// Reads what a job's runs do: whom they invoke, with what, and how.
struct JobSettingsReader {
    let templates: TemplateReader
    let defaults: JobFileReader.Defaults
    let lambdas: LambdaReader.Lambdas
    /// The job file, beside which input files are.
    let file: String
    private let common = CommonSettings()

    /// What jobs get that give no such settings themselves, by their lambda.
    private final class CommonSettings {
        var byLambda: [String: Settings] = [:]
    }

    /// Settings, and what they contribute to the hash of a job.
    private final class Settings {
        let shared: SharedJobSettings
        let hash: JobHash
        /// Of jobs that give none.
        private(set) lazy var rowPayload = JobSettingsReader.payload(row, hash)
        private let row: TemplateReader.Payload

        init(_ settings: JobSettings, hash: JobHash, row: TemplateReader.Payload) {
            shared = SharedJobSettings(settings)
            self.hash = hash
            self.row = row
        }
    }

    static let defaultUserID = "fnrun"
    static let defaultOutput = "results/{{ job.name }}-{{ run.id }}.jsonl"
    static let defaultScheduledOutput =
        "results/{{ job.name }}/{{ run.nominalTime | date: '%Y-%m-%d' }}.jsonl"

    init(
        templates: TemplateReader, defaults: JobFileReader.Defaults, lambdas: LambdaReader.Lambdas, file: String
    ) {
        self.templates = templates
        self.defaults = defaults
        self.lambdas = lambdas
        self.file = file
    }

    /// - Parameter isCommon: the job gives none of these settings but its lambda and its payload.
    /// - Returns: nil if something is wrong, and reported.
    func read(_ job: YAMLMappingReader, isCommon: Bool) -> (shared: SharedJobSettings, payload: JobPayload)? {
        let lambda = job.required("lambda", hint: "name a lambda of 'lambdas', or a UUID")
        let settings = isCommon ? lambda.flatMap(common) : settings(job, lambda: lambda.flatMap(resolve))
        let field = job.field("payload")
        guard field != nil else { return settings.map { ($0.shared, $0.rowPayload) } }
        guard let payload = templates.payload(field), let settings else { return nil }
        return (settings.shared, Self.payload(payload, settings.hash))
    }

    private static func payload(_ payload: TemplateReader.Payload, _ hash: JobHash) -> JobPayload {
        JobPayload(payload.template, digest: hash.digest(of: payload.source, using: payload.template.use))
    }

    private func common(_ lambda: YAMLField) -> Settings? {
        guard let name = lambda.text() else { return nil }
        if let known = common.byLambda[name] { return known }
        let settings = resolve(lambda).flatMap { self.settings(.empty(templates.sink), lambda: $0) }
        common.byLambda[name] = settings
        return settings
    }

    private func settings(_ job: YAMLMappingReader, lambda: LambdaReader.Lambda?) -> Settings? {
        let overrides = PolicyOverrides(reading: job)
        let recordOverrides = job.field("record")?.mapping().map { RecordOverrides(reading: $0) }
        let input = InputReader(templates: templates, file: file).read(job.field("input"))
        let headers = headers(job.field("headers"))
        let userID = userID(job.field("userId") ?? defaults.userID)
        let outputs = outputs(job.field("output"))
        guard let lambda, let input, let headers, let userID, let outputs, let row = templates.payload(nil)
        else { return nil }

        var policy = RunPolicy()
        defaults.policy.apply(to: &policy)
        lambda.overrides.apply(to: &policy)
        overrides.apply(to: &policy)
        policy.lambdaConcurrency = lambda.definition.concurrency
        policy.lambdaRate = lambda.definition.rate
        var record = RecordPolicy()
        defaults.record.apply(to: &record)
        recordOverrides?.apply(to: &record)
        let settings = JobSettings(
            lambda: lambda.definition.name, target: lambda.definition.target, policy: policy, record: record,
            input: input.input, headers: headers.map { ($0.name, $0.template) }, userID: userID.template,
            output: outputs.now, scheduledOutput: outputs.scheduled)
        let hash = JobHash(
            target: settings.target, headers: headers.map { ($0.name, $0.text) }, userID: userID.text,
            input: input.input, key: input.key, use: settings.templateUse, vars: templates.vars?.values ?? [:])
        return Settings(settings, hash: hash, row: row)
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
