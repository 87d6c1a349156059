package import JobModel

/// Reads the settings of one mapping strictly: every problem is reported to the sink, and reading goes on.
///
/// Ask for each known key with ``field(_:)`` or ``required(_:hint:)``, whether it is there or not, then call
/// ``finish()``: a key that nobody asked for is an error that names the closest known one.
///
///     guard let script = field.mapping() else { return }
///     let latency = script.field("latency")?.duration() ?? .zero
///     let token = script.field("token")?.mapping().map(readToken)
///     script.finish()
package final class YAMLMappingReader {
    /// The key of the mapping, or its first character.
    package let location: SourceLocation
    package let sink: DiagnosticSink
    private let mapping: YAMLMapping
    private let place: YAMLPath
    private let hidesValues: Bool
    private var knownNames: [String] = []
    private var refusedNames: [String] = []
    /// One bit for each of the first 64 entries that was asked for.
    private var askedFor: UInt64 = 0

    /// The mapping that is all of a file.
    package convenience init(_ mapping: YAMLMapping, location: SourceLocation, sink: DiagnosticSink) {
        self.init(mapping, at: .top, location: location, sink: sink, hidesValues: false)
    }

    /// - Parameter hidesValues: messages never show values: they may be secrets.
    init(_ mapping: YAMLMapping, at place: YAMLPath, location: SourceLocation, sink: DiagnosticSink, hidesValues: Bool)
    {
        self.mapping = mapping
        self.place = place
        self.location = location
        self.sink = sink
        self.hidesValues = hidesValues
    }

    /// Where the mapping stands in the file's structure, such as `jobs.nightly-sync`; empty for the whole file.
    package var path: String { place.text }

    /// The value of a key, which is known from now on; nil if the mapping does not have it.
    package func field(_ name: String) -> YAMLField? {
        if knownNames.isEmpty { knownNames.reserveCapacity(24) }
        knownNames.append(name)
        guard let position = mapping.entries.firstIndex(where: { $0.key.text == name }) else { return nil }
        if position < 64 { askedFor |= 1 << UInt64(position) }
        return field(at: position)
    }

    /// The value of a key; its absence is reported.
    package func required(_ name: String, hint: String = "") -> YAMLField? {
        if let field = field(name) { return field }
        let place = path.isEmpty ? "the file" : path
        sink.error(.missingKey, "\(place) lacks '\(name)'", hint: hint, at: location)
        return nil
    }

    /// All entries in the order of the file, for mappings whose keys are names chosen by the user.
    package var fields: [YAMLField] {
        mapping.entries.map(field)
    }

    /// How many entries there are.
    package var count: Int { mapping.entries.count }

    /// The keys in the order of the file.
    package var names: some Sequence<String> { mapping.entries.lazy.map(\.key.text) }

    /// One of the entries, in the order of the file, without ``fields`` for all of a large section.
    package func field(at position: Int) -> YAMLField {
        field(mapping.entries[position])
    }

    /// Declares keys that exist but are not accepted here: if one is present, it is reported with this text.
    package func refuse(_ names: [String], code: DiagnosticCode, message: (String) -> String, hint: String = "") {
        refusedNames += names
        for name in names {
            guard let field = field(name) else { continue }
            sink.error(code, message(name), hint: hint, at: field.keyLocation)
        }
    }

    /// Reports the keys that were never asked for: each of the first 20, then how many more there are.
    package func finish() {
        sink.onKnownKeys?(path, knownNames, refusedNames)
        let count = mapping.entries.count
        guard count > 64 || askedFor != ~(~0 << UInt64(count)) else { return }
        let known = Set(knownNames)
        let place = path.isEmpty ? "" : " in \(path)"
        let unknown = mapping.entries.filter { !known.contains($0.key.text) }
        for entry in unknown.prefix(20) {
            sink.error(
                .unknownKey, "unknown key '\(entry.key.raw.shortened)'\(place)",
                hint: NameSuggestion.hint(for: entry.key.raw, in: knownNames, listing: "known keys"),
                at: entry.keyLocation)
        }
        if unknown.count > 20 {
            sink.error(.unknownKey, "\(unknown.count - 20) more unknown keys\(place)", at: unknown[20].keyLocation)
        }
    }

    private func field(_ entry: YAMLMapping.Entry) -> YAMLField {
        YAMLField(
            entry.value, name: entry.key.text, shownName: entry.key.raw, in: place, keyLocation: entry.keyLocation,
            sink: sink, hidesValue: hidesValues)
    }
}

extension String {
    /// At most 60 characters, for messages.
    package var shortened: String {
        if utf8.count <= 60 { return self }
        let head = prefix(60)
        return head.endIndex == endIndex ? self : head + "…"
    }
}
