import JSONText
import JobModel
import Templating
import YAMLText

/// Reads a script's settings strictly; problems go to the sink, and reading goes on.
struct ScriptReader {
    let source: SourceText

    private enum Generation: String, CaseIterable {
        case v1, v2
    }

    func script(_ top: YAMLMappingReader) -> SandboxScript {
        var script = SandboxScript()
        if let version = top.required("version", hint: "begin the script with version: 1") {
            _ = version.integer(in: 1...1)
        }
        if let generation = top.field("platform")?.choice(Generation.self) {
            script.platform = generation == .v2 ? .v2 : .v1
        }
        script.isStrict = top.field("strict")?.boolean() ?? false
        script.accounts = top.field("accounts").map(accounts) ?? [:]
        script.token = top.field("token").map(token) ?? TokenScript()
        script.domainAPI = top.field("domainApi").map(domainAPI) ?? DomainScript()
        script.functions = top.field("functions").map(functions) ?? [:]
        script.fallback = top.field("default").map(function) ?? FunctionScript()
        script.events = top.field("events").flatMap { events($0, script: script) }
        script.memory = top.field("remember").map(memory) ?? SandboxScript.MemoryLimits()
        top.finish()
        return script
    }

    private func accounts(_ field: YAMLField) -> [String: SandboxScript.Credentials] {
        var accounts: [String: SandboxScript.Credentials] = [:]
        for entry in field.mapping(hidesValues: true)?.fields ?? [] {
            let isID =
                !entry.name.isEmpty
                && entry.name.utf8.allSatisfy { (48...57).contains($0) || (97...122).contains($0 | 0x20) }
            if !isID {
                entry.sink.error(
                    .badValue, "an account id is letters and digits, not '\(entry.name.shortened)'",
                    at: entry.keyLocation)
            }
            guard let reader = entry.mapping(hidesValues: true) else { continue }
            let clientID = reader.required("clientId")?.text()
            let secret = reader.required("clientSecret")?.text()
            reader.finish()
            if let clientID, let secret {
                accounts[entry.name] = SandboxScript.Credentials(clientID: clientID, clientSecret: Secret(secret))
            }
        }
        return accounts
    }

    private func token(_ field: YAMLField) -> TokenScript {
        var script = TokenScript()
        guard let reader = field.mapping() else { return script }
        if let lifetime = reader.field("lifetime"), let duration = lifetime.duration(atLeast: .seconds(1)) {
            if duration.components.attoseconds == 0 {
                script.lifetime = duration
            } else {
                let _: Void? = lifetime.refuse("a token lives for whole seconds", hint: "write 1s or more")
            }
        }
        script.expiresIn = reader.field("expiresIn")?.choice(TokenScript.ExpiresIn.self) ?? .string
        script.isOpaque = reader.field("opaque")?.boolean() ?? false
        script.revokeAfter = reader.field("revokeAfter")?.integer(in: 1...1_000_000_000)
        script.answers = answers(reader)
        reader.finish()
        return script
    }

    private func domainAPI(_ field: YAMLField) -> DomainScript {
        var script = DomainScript()
        guard let reader = field.mapping() else { return script }
        if let hosts = reader.field("hosts")?.mapping() {
            for service in ["faasGW", "sentinel"] {
                guard let host = hosts.field(service) else { continue }
                script.hosts[service] = .some(host.isNull ? nil : host.text())
            }
            hosts.finish()
        }
        script.answers = answers(reader)
        reader.finish()
        return script
    }

    private func answers(_ reader: YAMLMappingReader) -> AnswerScript {
        let fates = FateReader(isFunction: false)
        var script = AnswerScript()
        script.sequence = reader.field("sequence").map(fates.sequence) ?? []
        script.afterwards = reader.field("then").flatMap(fates.fate) ?? Fate(.ok)
        script.latency = reader.field("latency").flatMap(FateReader.latency)
        return script
    }

    private func functions(_ field: YAMLField) -> [String: FunctionScript] {
        var functions: [String: FunctionScript] = [:]
        for entry in field.mapping()?.fields ?? [] {
            guard let id = uuid(entry.name, of: entry, at: entry.keyLocation) else { continue }
            if functions[id] != nil {
                entry.sink.error(.duplicateKey, "the function \(id) stands twice", at: entry.keyLocation)
            }
            functions[id] = function(entry)
        }
        return functions
    }

    /// A UUID in lower case.
    private func uuid(_ text: String, of field: YAMLField, at location: SourceLocation) -> String? {
        guard UUIDText.isValid(text) else {
            field.sink.error(
                .badValue, "'\(text.shortened)' is no UUID", hint: "a UUID is 8-4-4-4-12 hexadecimal digits",
                at: location)
            return nil
        }
        return text.lowercased()
    }

    private func function(_ field: YAMLField) -> FunctionScript {
        var script = FunctionScript()
        guard let reader = field.mapping() else { return script }
        script.name = reader.field("name")?.text()
        script.behaviour = behaviour(reader)
        script.scope = reader.field("per")?.choice(FunctionScript.SequenceScope.self) ?? .request
        script.cases = reader.field("match")?.elements(of: "a list of cases")?.compactMap(matchCase) ?? []
        reader.finish()
        return script
    }

    private func behaviour(_ reader: YAMLMappingReader) -> Behaviour {
        let fates = FateReader(isFunction: true)
        let values = ValueReader(source: source)
        var behaviour = Behaviour()
        behaviour.reply = reader.field("reply").flatMap(values.reply)
        behaviour.latency = reader.field("latency").flatMap(FateReader.latency)
        behaviour.sequence = reader.field("sequence").map(fates.sequence) ?? []
        behaviour.afterwards = reader.field("then").flatMap(fates.fate)
        behaviour.failures = reader.field("failures").flatMap(fates.failures)
        return behaviour
    }

    private func matchCase(_ field: YAMLField) -> FunctionScript.Case? {
        guard let reader = field.mapping() else { return nil }
        let values = ValueReader(source: source)
        let conditions = reader.required("when", hint: "such as when: { payload.id: 3 }")?.mapping()?.fields
            .compactMap(values.condition)
        let behaviour = behaviour(reader)
        reader.finish()
        return conditions.map { FunctionScript.Case(conditions: $0, behaviour: behaviour) }
    }

    private func events(_ field: YAMLField, script: SandboxScript) -> [String: [String]]? {
        guard let reader = field.mapping() else { return nil }
        var events: [String: [String]] = [:]
        for entry in reader.fields {
            if entry.name.isEmpty || entry.name.unicodeScalars.count > 60 {
                entry.sink.error(.badValue, "an event id has 1 to 60 characters", at: entry.keyLocation)
            }
            events[entry.name] = (entry.elements(of: "a list of UUIDs") ?? []).compactMap { element in
                guard let text = element.text(), let id = uuid(text, of: element, at: element.node.location) else {
                    return nil
                }
                if script.isStrict, script.functions[id] == nil {
                    element.sink.error(
                        .badValue, "there is no function \(id)", hint: "list it under functions, or drop strict",
                        at: element.node.location)
                }
                return id
            }
        }
        return events
    }

    private func memory(_ field: YAMLField) -> SandboxScript.MemoryLimits {
        var limits = SandboxScript.MemoryLimits()
        guard let reader = field.mapping() else { return limits }
        limits.requestIDs = reader.field("requestIds")?.integer(in: 0...100_000_000) ?? limits.requestIDs
        limits.payloads = reader.field("payloads")?.integer(in: 0...100_000_000) ?? limits.payloads
        reader.finish()
        return limits
    }
}
