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
    /// Where the mapping stands in the file's structure, such as `jobs.nightly-sync`; empty for the whole file.
    package let path: String
    /// The key of the mapping, or its first character.
    package let location: SourceLocation
    package let sink: DiagnosticSink
    private let mapping: YAMLMapping
    private let hidesValues: Bool
    private var knownNames: [String] = []

    /// - Parameter hidesValues: messages never show values: they may be secrets.
    package init(
        _ mapping: YAMLMapping, path: String, location: SourceLocation, sink: DiagnosticSink, hidesValues: Bool = false
    ) {
        self.mapping = mapping
        self.path = path
        self.location = location
        self.sink = sink
        self.hidesValues = hidesValues
    }

    /// The value of a key, which is known from now on; nil if the mapping does not have it.
    package func field(_ name: String) -> YAMLField? {
        knownNames.append(name)
        return mapping.entries.first { $0.key.text == name }.map(field)
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

    /// Declares keys that exist but are not accepted here: if one is present, it is reported with this text.
    package func refuse(_ names: [String], code: DiagnosticCode, message: (String) -> String, hint: String = "") {
        for name in names {
            guard let field = field(name) else { continue }
            sink.error(code, message(name), hint: hint, at: field.keyLocation)
        }
    }

    /// Reports the keys that were never asked for: each of the first 20, then how many more there are.
    package func finish() {
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
            entry.value, name: entry.key.text, shownName: entry.key.raw, path: path, keyLocation: entry.keyLocation,
            sink: sink, hidesValue: hidesValues)
    }
}

extension String {
    /// At most 60 characters, for messages.
    package var shortened: String {
        let head = prefix(60)
        return head.endIndex == endIndex ? self : head + "…"
    }
}
