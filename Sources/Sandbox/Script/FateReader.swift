import JSONText
import JobModel
import YAMLText

/// Reads fates, and what else is about time and chance.
struct FateReader {
    /// Of a function; the other endpoints have no token that could be revoked.
    let isFunction: Bool

    private static let words: [(name: String, kind: Fate.Kind)] = [
        ("ok", .ok), ("reset", .reset), ("close", .close), ("torn", .torn), ("hang", .hang), ("garbage", .garbage),
        ("revoked", .revoked), ("expired", .expired),
    ]

    private var known: [(name: String, kind: Fate.Kind)] {
        isFunction ? Self.words : Self.words.filter { $0.kind != .revoked && $0.kind != .expired }
    }

    private var expected: String {
        "a status from 200 to 999, or one of \(known.map(\.name).joined(separator: ", "))"
    }

    func sequence(_ field: YAMLField) -> [Fate] {
        field.elements(of: "a list such as [429, 500, ok]")?.compactMap(fate) ?? []
    }

    func fate(_ field: YAMLField) -> Fate? {
        if field.node.mapping != nil { return detailed(field) }
        return kind(field).map { Fate($0) }
    }

    private func kind(_ field: YAMLField) -> Fate.Kind? {
        switch field.node.scalar?.value {
        case .integer(let digits):
            guard let status = Int(digits), (200...999).contains(status) else {
                return field.mismatch(expected, code: .badValue)
            }
            return .status(status)
        case .string(let word):
            if let kind = known.first(where: { $0.name == word })?.kind { return kind }
            let closest = NameSuggestion.closest(to: word, in: known.map(\.name))
            return field.mismatch(expected, code: .badValue, hint: closest.map { "did you mean '\($0)'?" } ?? "")
        default:
            return field.mismatch(expected)
        }
    }

    private func detailed(_ field: YAMLField) -> Fate? {
        guard let reader = field.mapping() else { return nil }
        let status = reader.field("status")
        let word = reader.field("kind")
        var fate = Fate(.ok)
        switch (status, word) {
        case (let status?, nil): fate.kind = status.integer(in: 200...999).map { .status($0) } ?? .ok
        case (nil, let word?): fate.kind = kind(word) ?? .ok
        case (let status?, _?):
            field.sink.error(.badValue, "status and kind exclude each other", at: status.keyLocation)
        case (nil, nil):
            field.sink.error(.missingKey, "\(field.path) lacks 'status' or 'kind'", at: field.node.location)
        }
        fate.retryAfter = reader.field("retryAfter").flatMap(retryAfter)
        fate.code = reader.field("code")?.text()
        fate.message = reader.field("message")?.text()
        fate.body = reader.field("body").flatMap(body)
        fate.latency = reader.field("latency").flatMap(Self.latency)
        reader.finish()
        return fate
    }

    private func retryAfter(_ field: YAMLField) -> Fate.RetryAfter? {
        if let reader = field.node.mapping.flatMap({ _ in field.mapping() }) {
            let after = reader.required("date", hint: "such as { date: 5s }")?.duration()
            reader.finish()
            return after.map { .date(after: $0) }
        }
        if case .integer = field.node.scalar?.value {
            return field.integer(in: 0...1_000_000_000).map { .seconds($0) }
        }
        guard let text = field.text() else { return nil }
        guard text.utf8.allSatisfy({ $0 >= 32 && $0 < 127 }) else {
            return field.refuse("a header takes printable ASCII alone")
        }
        return .text(text)
    }

    private func body(_ field: YAMLField) -> Fate.RawBody? {
        if case .string(let text) = field.node.scalar?.value {
            let isMarkup = text.utf8.first == UInt8(ascii: "<")
            return Fate.RawBody(
                bytes: Array(text.utf8), contentType: "text/\(isMarkup ? "html" : "plain"); charset=utf-8")
        }
        return ValueReader.json(field).map {
            Fate.RawBody(bytes: JSONWriter.bytes(of: $0), contentType: "application/json")
        }
    }

    /// `20ms`, or `{ min: 10ms, max: 50ms }`.
    static func latency(_ field: YAMLField) -> Latency? {
        let most = Duration.seconds(86_400)
        guard field.node.mapping != nil else {
            return field.duration(atMost: most).map { Latency(minimum: $0, maximum: $0) }
        }
        guard let reader = field.mapping() else { return nil }
        let minimum = reader.required("min")?.duration(atMost: most)
        let maximum = reader.required("max")?.duration(atMost: most)
        reader.finish()
        guard let minimum, let maximum else { return nil }
        guard minimum <= maximum else { return field.refuse("min is more than max") }
        return Latency(minimum: minimum, maximum: maximum)
    }

    /// `{ rate: 5%, as: [429, 500], seed: 1 }`.
    func failures(_ field: YAMLField) -> Behaviour.FailureRate? {
        guard let reader = field.mapping() else { return nil }
        let rate = reader.required("rate", hint: "such as rate: 5%").flatMap(share)
        let fates = reader.field("as").map(sequence) ?? [Fate(.status(500))]
        let seed = reader.field("seed")?.integer(in: 0...Int.max) ?? 1
        if fates.isEmpty, let list = reader.field("as"), list.node.sequence?.isEmpty == true {
            let _: Void? = list.refuse("the list of failures is empty")
        }
        reader.finish()
        return rate.map { Behaviour.FailureRate(rate: $0, fates: fates, seed: UInt64(seed)) }
    }

    /// `5%`, or a number from 0 to 1.
    private func share(_ field: YAMLField) -> Double? {
        guard case .string(let text) = field.node.scalar?.value else { return field.number(in: 0...1) }
        guard text.hasSuffix("%"), text.utf8.first.map({ (48...57).contains($0) }) == true,
            let percent = Double(text.dropLast()), (0...100).contains(percent)
        else { return field.mismatch("a share such as 5%, or a number from 0 to 1", code: .badValue) }
        return percent / 100
    }
}
