package import JSONText
package import Templating

/// One function of the sandbox.
package struct FunctionScript: Sendable {
    package enum SequenceScope: String, Sendable, CaseIterable {
        /// Every request id goes through the sequence on its own: the n-th attempt of an invocation has the n-th fate.
        case request
        /// All requests of the function share the sequence, in order of arrival.
        case function
    }

    /// For people; replies know it as `function.name`.
    package var name: String?
    package var behaviour: Behaviour
    /// The first one that matches replaces ``behaviour``; what it leaves out is taken from there.
    package var cases: [Case]
    package var scope: SequenceScope

    package init(
        name: String? = nil, behaviour: Behaviour = Behaviour(), cases: [Case] = [], scope: SequenceScope = .request
    ) {
        self.name = name
        self.behaviour = behaviour
        self.cases = cases
        self.scope = scope
    }

    /// A behaviour for requests of a certain content.
    package struct Case: Sendable {
        /// All must hold.
        package var conditions: [Condition]
        package var behaviour: Behaviour

        package init(conditions: [Condition], behaviour: Behaviour) {
            self.conditions = conditions
            self.behaviour = behaviour
        }
    }

    /// That the request has a value at a path.
    package struct Condition: Sendable {
        package enum Root: String, Sendable, CaseIterable {
            case payload, headers
        }

        package var root: Root
        /// Below the root.
        package var path: TemplatePath
        /// Compared as text where both are numbers, strings or booleans, so that a CSV cell `"3"` matches `3`.
        package var value: JSONValue

        package init(root: Root, path: TemplatePath, value: JSONValue) {
            self.root = root
            self.path = path
            self.value = value
        }

        func holds(for content: RequestContent) -> Bool {
            let found = path.value(in: root == .payload ? content.payload : content.headers)
            guard let found else { return value.isNull }
            if let left = found.plainText, let right = value.plainText {
                return left == right || found.equalsByValue(value)
            }
            return found.equalsByValue(value)
        }
    }

    /// Whether the request's content must be known to tell what happens.
    var needsContent: Bool { !cases.isEmpty || behaviour.reply != nil }

    /// The behaviour for a request, and which of the function's sequences it goes through.
    func behaviour(for content: RequestContent?) -> (behaviour: Behaviour, sequence: Int) {
        guard let content else { return (behaviour, 0) }
        for (position, candidate) in cases.enumerated()
        where candidate.conditions.allSatisfy({ $0.holds(for: content) }) {
            return (candidate.behaviour.inheriting(from: behaviour), position + 1)
        }
        return (behaviour, 0)
    }
}

extension JSONValue {
    /// The text of a string, number or boolean.
    fileprivate var plainText: String? {
        switch self {
        case .string(let text): text
        case .number(let number): number.text
        case .bool(let value): value ? "true" : "false"
        case .null, .array, .object: nil
        }
    }
}

extension Behaviour {
    /// This behaviour, completed by another one. Sequence, `afterwards` and failures belong together: who names one of
    /// them names them all.
    fileprivate func inheriting(from base: Behaviour) -> Behaviour {
        var behaviour = self
        behaviour.reply = reply ?? base.reply
        behaviour.latency = latency ?? base.latency
        if sequence.isEmpty, afterwards == nil, failures == nil {
            behaviour.sequence = base.sequence
            behaviour.afterwards = base.afterwards
            behaviour.failures = base.failures
        }
        return behaviour
    }
}
