package import JobModel

/// One value of a mapping or list, to be read as a certain type.
///
/// Every reading function returns nil after it has reported what is wrong: what was expected, what was found, where.
package struct YAMLField {
    package let node: YAMLNode
    /// The key; of an element of a list, the list's path and the element's number.
    package let name: String
    private let place: YAMLPath
    package let keyLocation: SourceLocation
    package let sink: DiagnosticSink
    package let hidesValue: Bool

    /// - Parameters:
    ///   - shownName: the name before variables were filled in, for messages.
    ///   - around: the mapping around it.
    init(
        _ node: YAMLNode, name: String, shownName: String, in around: YAMLPath, keyLocation: SourceLocation,
        sink: DiagnosticSink, hidesValue: Bool
    ) {
        self.node = node
        self.name = name
        place = .key(shownName, in: around)
        self.keyLocation = keyLocation
        self.sink = sink
        self.hidesValue = hidesValue
    }

    /// A value by itself, under a name for messages.
    package init(_ node: YAMLNode, name: String, keyLocation: SourceLocation, sink: DiagnosticSink) {
        self.init(
            node, name: name, shownName: name, in: .top, keyLocation: keyLocation, sink: sink, hidesValue: false)
    }

    /// The top of a file.
    package init(root: YAMLNode, sink: DiagnosticSink) {
        node = root
        name = ""
        place = .top
        keyLocation = root.location
        self.sink = sink
        hidesValue = false
    }

    private init(element: YAMLNode, number: Int, of list: YAMLField) {
        node = element
        name = "\(number)"
        place = .element(number, of: list.place)
        keyLocation = element.location
        sink = list.sink
        hidesValue = list.hidesValue
    }

    /// The same value, never shown in messages.
    package func hidden() -> YAMLField {
        YAMLField(hiding: self)
    }

    private init(hiding other: YAMLField) {
        node = other.node
        name = other.name
        place = other.place
        keyLocation = other.keyLocation
        sink = other.sink
        hidesValue = true
    }

    /// Where it stands in the file's structure, such as `jobs.nightly-sync.timeout`.
    package var path: String { place.text }

    /// Whether it is `null`, `~` or left empty.
    package var isNull: Bool { node.scalar?.value == .null }

    /// Whether it holds a variable that has no value, where that is to be borne.
    package var isUnresolved: Bool { node.scalar?.isUnresolved == true }

    /// Text. Numbers are taken as they are written, and so is whatever a variable was filled into, because ids and
    /// secrets may look like anything; `null` and unquoted booleans are refused.
    ///
    /// - Parameter booleans: take unquoted booleans as they are written, too.
    package func text(booleans: Bool = false) -> String? {
        guard let scalar = node.scalar, !isUnresolved else { return mismatch("text") }
        switch scalar.value {
        case .string(let text): return text
        case .integer, .float: return scalar.text
        case .boolean where booleans || scalar.isSubstituted: return scalar.text
        case .null where scalar.isSubstituted && !scalar.text.isEmpty, .notFinite where scalar.isSubstituted:
            return scalar.text
        case .null where scalar.text.isEmpty: return mismatch("text", hint: "give it a value, or leave the key out")
        case .null, .boolean, .notFinite: return mismatch("text", hint: "put it in quotes")
        case .invalid: return mismatch("text")
        }
    }

    package func boolean() -> Bool? {
        guard case .boolean(let value) = node.scalar?.value else {
            var hint = ""
            if let text = node.scalar?.raw.lowercased(), !hidesValue {
                if ["yes", "on", "y", "1", "'true'"].contains(text) { hint = "write true" }
                if ["no", "off", "n", "0"].contains(text) { hint = "write false" }
                if ["true", "false"].contains(text) { hint = "write \(text) without quotes" }
            }
            return mismatch("true or false", hint: hint)
        }
        return value
    }

    /// A whole number within a range.
    package func integer(in range: ClosedRange<Int>) -> Int? {
        let expected = Self.words(for: range)
        guard case .integer(let digits) = node.scalar?.value else {
            return mismatch(expected, hint: quotedNumberHint)
        }
        guard let value = Int(digits), range.contains(value) else { return mismatch(expected, code: .badValue) }
        return value
    }

    /// A number, whole or not, within a range.
    package func number(in range: ClosedRange<Double>) -> Double? {
        let bound =
            range.upperBound >= 1e15
            ? "of at least \(Self.plain(range.lowerBound))"
            : "between \(Self.plain(range.lowerBound)) and \(Self.plain(range.upperBound))"
        let digits: String
        switch node.scalar?.value {
        case .integer(let text), .float(let text): digits = text
        default: return mismatch("a number \(bound)", hint: quotedNumberHint)
        }
        guard let value = Double(digits), range.contains(value) else {
            return mismatch("a number \(bound)", code: .badValue)
        }
        return value
    }

    /// A duration such as `500ms`, `30s`, `1h30m`.
    package func duration(atLeast minimum: Duration = .zero, atMost maximum: Duration = .seconds(864_000_000))
        -> Duration?
    {
        switch node.scalar?.value {
        case .string(let text):
            guard let duration = Duration(durationText: text) else { return mismatch("a duration such as 30s") }
            guard duration >= minimum else {
                return mismatch("a duration of at least \(minimum.durationText)", code: .badValue)
            }
            guard duration <= maximum else {
                return mismatch("a duration of at most \(maximum.durationText)", code: .badValue)
            }
            return duration
        case .integer(let digits) where !isSecret && digits.utf8.count < 10:
            return mismatch("a duration such as 30s", hint: "give the unit: \(digits)s, or \(digits)ms")
        default:
            return mismatch("a duration such as 30s", hint: "units are ms, s, m, h and d")
        }
    }

    /// A rate such as `50/s`.
    package func rate() -> Rate? {
        switch node.scalar?.value {
        case .string(let text):
            guard let rate = Rate(rateText: text) else { return mismatch("a rate such as 50/s, 600/m or 3600/h") }
            return rate
        case .integer(let digits) where !isSecret && digits.utf8.count < 10:
            return mismatch("a rate such as 50/s", hint: "say per what: \(digits)/s")
        default:
            return mismatch("a rate such as 50/s, 600/m or 3600/h")
        }
    }

    /// A number of bytes: plain, or with a unit such as `64KiB` or `1MB`.
    package func byteCount(atMost maximum: Int) -> Int? {
        let expected = "a size such as 64KiB or 1MB"
        let count: Int?
        switch node.scalar?.value {
        case .integer(let digits): count = Int(digits).flatMap { $0 < 0 ? nil : $0 }
        case .string(let text): count = ByteCount.bytes(text)
        default: return mismatch(expected)
        }
        guard let count else { return mismatch(expected) }
        guard count <= maximum else { return mismatch("a size of at most \(ByteCount.text(maximum))", code: .badValue) }
        return count
    }

    /// One of a closed set of names.
    package func choice<Choice: RawRepresentable<String> & CaseIterable>(_ type: Choice.Type) -> Choice? {
        let names = type.allCases.map(\.rawValue)
        let expected = Self.alternatives(names)
        guard let text = text(expecting: expected) else { return nil }
        if let choice = Choice(rawValue: text) { return choice }
        let hint = isSecret ? nil : NameSuggestion.closest(to: text, in: names).map { "did you mean '\($0)'?" }
        return mismatch(expected, code: .badValue, hint: hint ?? "")
    }

    /// The elements of a list.
    package func elements(of what: String = "a list") -> [YAMLField]? {
        guard let nodes = node.sequence else { return mismatch(what) }
        return nodes.enumerated().map { YAMLField(element: $1, number: $0, of: self) }
    }

    /// The settings of a mapping; null is an empty one: somebody has commented out all of it.
    ///
    /// - Parameter hidesValues: messages never show the values inside.
    package func mapping(hidesValues: Bool = false) -> YAMLMappingReader? {
        var mapping = YAMLMapping()
        if let own = node.mapping {
            mapping = own
        } else if !isNull {
            return mismatch("a mapping (key: value)")
        }
        return YAMLMappingReader(
            mapping, at: place, location: keyLocation, sink: sink, hidesValues: hidesValue || hidesValues)
    }

    /// Reports a value that is not what was expected; always nil.
    ///
    /// A variable without a value is not reported: whoever filled it in has done so, or bears it.
    package func mismatch<Value>(_ expected: String, code: DiagnosticCode = .wrongType, hint: String = "") -> Value? {
        if isUnresolved { return nil }
        if case .invalid(let reason) = node.scalar?.value {
            sink.error(.badTag, "\(path): \(reason)", at: node.location)
            return nil
        }
        let place = path.isEmpty ? "" : " for \(path)"
        sink.error(code, "expected \(expected)\(place), found \(found)", hint: hint, at: node.location)
        return nil
    }

    /// Reports a value that is of the right type and yet wrong; always nil.
    package func refuse<Value>(_ message: String, code: DiagnosticCode = .badValue, hint: String = "") -> Value? {
        if !isUnresolved { sink.error(code, "\(path): \(message)", hint: hint, at: node.location) }
        return nil
    }

    /// What the value is, in words; its content only if it may be shown.
    package var found: String {
        switch node.content {
        case .sequence: return "a list"
        case .mapping: return "a mapping"
        case .scalar(let scalar):
            switch scalar.value {
            case .null: return scalar.isSubstituted ? "nothing, from \(scalar.raw.shortened)" : "nothing"
            case .boolean(let value): return isSecret ? origin("true or false", scalar) : "\(value)"
            case .integer, .float, .notFinite:
                return isSecret ? origin("a number", scalar) : "the number \(scalar.text.shortened)"
            case .string(let text):
                if text.isEmpty { return origin("an empty text", scalar) }
                return isSecret ? origin("text", scalar) : "the text \"\(text.shortened)\""
            case .invalid(let reason): return reason
            }
        }
    }

    private func origin(_ what: String, _ scalar: YAMLScalar) -> String {
        scalar.isSubstituted ? "\(what) from \(scalar.raw.shortened)" : what
    }

    private var isSecret: Bool { hidesValue || node.scalar?.isSubstituted == true }

    private var quotedNumberHint: String {
        guard let scalar = node.scalar, scalar.style != .plain, !hidesValue else { return "" }
        switch CoreSchema.value(ofPlain: scalar.text) {
        case .integer, .float: return "leave the quotes out"
        default: return ""
        }
    }

    private func text(expecting expected: String) -> String? {
        switch node.scalar?.value {
        case .string(let text): text
        case .integer, .boolean, .float: node.scalar?.text
        default: mismatch(expected)
        }
    }

    private static func alternatives(_ names: [String]) -> String {
        guard let last = names.last, names.count > 1 else { return names.first ?? "nothing" }
        return names.dropLast().joined(separator: ", ") + " or " + last
    }

    private static func words(for range: ClosedRange<Int>) -> String {
        if range.lowerBound == range.upperBound { return "the number \(range.lowerBound)" }
        return range.upperBound >= 1 << 53
            ? "a whole number of at least \(range.lowerBound)"
            : "a whole number between \(range.lowerBound) and \(range.upperBound)"
    }

    private static func plain(_ value: Double) -> String {
        value == value.rounded() && abs(value) < 1e15 ? "\(Int(value))" : "\(value)"
    }
}
