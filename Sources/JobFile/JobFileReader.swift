import Expectations
import JSONText
import JobModel
import Templating
import Timing
import YAMLText

/// Reads the tree of a job file, section by section.
struct JobFileReader {
    let source: SourceText
    let options: JobFileOptions
    let sink: DiagnosticSink

    /// What `defaults` gives to every job.
    struct Defaults {
        var policy = PolicyOverrides()
        var record = RecordOverrides()
        var headers: [YAMLField] = []
        var userID: YAMLField?
        var mutexes: [String] = []
    }

    /// - Returns: as much as could be made of the file; of use only if nothing was reported.
    func read(_ root: YAMLNode) -> JobFileDocument? {
        guard let top = YAMLField(root: root, sink: sink).mapping() else { return nil }
        if let version = top.required("version", hint: "begin the file with 'version: 1'"),
            version.node.scalar?.value != .integer("1")
        {
            let _: Int? = version.mismatch("1", code: .badValue, hint: "there is no other version yet")
        }
        let account = readAccount(top.field("account"))
        let vars = readVars(top.field("vars"))
        let defaults = readDefaults(top.field("defaults"))
        let lambdas = LambdaReader.read(top.field("lambdas"))
        var jobs: [JobDefinition] = []
        if let section = top.required("jobs", hint: "name at least one job")?.mapping() {
            let reader = jobReader(
                vars: vars, defaults: defaults, lambdas: lambdas, allowsInsecure: account.allowsInsecure)
            if section.count == 0 {
                sink.error(.missingKey, "there is no job in 'jobs'", at: section.location)
            }
            jobs.reserveCapacity(section.count)
            for position in 0..<section.count {
                if let job = reader.read(section.field(at: position)) { jobs.append(job) }
            }
        }
        top.finish()
        warnOfUnusedOverrides(vars: vars, jobs: jobs)
        return JobFileDocument(
            path: source.file, version: 1, account: account.account, accountID: account.id,
            secretFile: account.secretFile, vars: vars?.values ?? [:], lambdas: lambdas.definitions.map(\.definition),
            jobs: jobs)
    }

    private func jobReader(
        vars: JobVars?, defaults: Defaults, lambdas: LambdaReader.Lambdas, allowsInsecure: Bool
    ) -> JobReader {
        let zones =
            options.zones
            ?? TimeZoneDatabase(directory: TimeZoneDatabase.systemDirectory(tzdir: options.environment["TZDIR"]))
        let templates = TemplateReader(source: source, options: options, sink: sink, vars: vars)
        return JobReader(
            settings: JobSettingsReader(
                templates: templates, defaults: defaults, lambdas: lambdas, file: source.file),
            schedules: ScheduleReader(source: source, sink: sink, zones: ZoneReader(zones)),
            scheduling: SchedulingReader(defaultMutexes: defaults.mutexes),
            hooks: HookReader(allowsInsecure: allowsInsecure), expectations: ExpectationReader(templates: templates))
    }

    private func readAccount(_ field: YAMLField?) -> AccountReader.Section {
        guard let field else {
            if !options.lenientAccount, !options.ignoresAccount {
                sink.error(
                    .missingKey, "the file lacks 'account'",
                    hint: "give 'id', 'clientId' and 'clientSecret', or use --sandbox", at: nil)
            }
            return AccountReader.Section()
        }
        let reader = AccountReader(file: source.file, options: options)
        guard options.ignoresAccount else { return reader.read(field) }
        // Hooks ask for this one.
        let unheard = YAMLField(
            field.node, name: field.name, keyLocation: field.keyLocation, sink: DiagnosticSink(file: source.file))
        return AccountReader.Section(allowsInsecure: reader.read(unheard).allowsInsecure)
    }

    private func readVars(_ field: YAMLField?) -> JobVars? {
        guard let section = field == nil ? YAMLMappingReader.empty(sink) : field?.mapping() else { return nil }
        let conversion = JSONConversion(sink: sink)
        var members = section.fields.map { ($0.name, conversion.value($0.node)) }
        let written = Set(members.map(\.0))
        for (name, text) in options.overrides.sorted(by: { $0.key < $1.key }) {
            guard let value = overriding(name, text) else { continue }
            members.append((name, value))
        }
        return JobVars(values: JSONObject(members), names: Set(members.map(\.0)), written: written)
    }

    /// The value of a `--set`, typed like a plain scalar.
    private func overriding(_ name: String, _ text: String) -> JSONValue? {
        switch YAMLScalar(text).value {
        case .null: return .null
        case .boolean(let value): return .bool(value)
        case .integer(let digits), .float(let digits): return .number(JSONNumber(validText: digits))
        case .string(let text): return .string(text)
        case .notFinite, .invalid:
            sink.error(.badNumber, "--set \(name): JSON has no such number", at: nil)
            return nil
        }
    }

    private func readDefaults(_ field: YAMLField?) -> Defaults {
        var defaults = Defaults()
        guard let section = field?.mapping() else { return defaults }
        defaults.policy = PolicyOverrides(reading: section)
        if let record = section.field("record")?.mapping() { defaults.record = RecordOverrides(reading: record) }
        defaults.headers = section.field("headers")?.mapping()?.fields ?? []
        defaults.userID = section.field("userId")
        defaults.mutexes = section.field("mutex").flatMap(SchedulingReader.mutexes) ?? []
        section.refuse(
            JobReader.ownKeys, code: .unknownKey, message: { "'\($0)' cannot be a default" },
            hint: "write it into the jobs")
        section.finish()
        return defaults
    }

    private func warnOfUnusedOverrides(vars: JobVars?, jobs: [JobDefinition]) {
        guard let vars, !options.overrides.isEmpty, !sink.hasErrors else { return }
        let used = jobs.reduce(into: TemplateUse()) { use, job in
            use.formUnion(job.templateUse)
            use.formUnion(job.output.use)
            if let expectations = job.expectations { use.formUnion(expectations.templateUse) }
        }
        for name in options.overrides.keys.sorted() where !vars.written.contains(name) && !used.vars.contains(name) {
            sink.warning(
                .unusedVariable, "--set \(name): the file has no such variable",
                hint: NameSuggestion.hint(for: name, in: vars.written.sorted(), listing: "variables"), at: nil)
        }
    }
}

/// The variables of a file.
struct JobVars {
    /// With those of the command line.
    var values: JSONObject
    /// The names of all of them.
    var names: Set<String>
    /// The names that the file gives.
    var written: Set<String>
}

extension YAMLMappingReader {
    /// A section that is not there.
    static func empty(_ sink: DiagnosticSink) -> YAMLMappingReader {
        YAMLMappingReader(YAMLMapping(), location: .init(line: 1, column: 1), sink: sink)
    }
}
