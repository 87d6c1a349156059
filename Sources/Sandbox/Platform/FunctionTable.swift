/// The functions of a script, by keys that cost no allocation.
struct FunctionTable: Sendable {
    private let functions: [UUIDKey: FunctionScript]
    private let fallback: FunctionScript?
    private let events: [String: [UUIDKey]]?

    init(script: SandboxScript) {
        var functions: [UUIDKey: FunctionScript] = [:]
        for (id, function) in script.functions {
            if let key = UUIDKey(id) { functions[key] = function }
        }
        self.functions = functions
        fallback = script.isStrict ? nil : script.fallback
        events = script.events?.mapValues { $0.compactMap(UUIDKey.init) }
    }

    /// Nil: there is no such function.
    func function(_ id: UUIDKey) -> FunctionScript? {
        functions[id] ?? fallback
    }

    /// The functions that implement an event.
    func implementations(of event: String) -> [UUIDKey] {
        if let events { return events[event] ?? [] }
        guard fallback != nil, let id = UUIDKey(SandboxAccount.eventFunction) else { return [] }
        return [id]
    }
}
