import JobModel
import Timing
import YAMLText

/// Reads names of time zones.
final class ZoneReader {
    struct Zone {
        var rules: TimeZoneRules
        var name: String
    }

    private let database: TimeZoneDatabase
    /// Most jobs of a file share their zone.
    private var last: Zone?
    /// All names, once one is unknown.
    private var names: [String]?

    init(_ database: TimeZoneDatabase) {
        self.database = database
    }

    /// The zone of a schedule's element.
    ///
    /// - Parameter field: nil is UTC.
    /// - Returns: nil if there is no such zone, which is reported.
    func zone(_ field: YAMLField?, of element: YAMLMappingReader) -> Zone? {
        guard let field else {
            return rules("UTC", { element.sink.error(.unknownZone, $0.message, at: element.location) })
        }
        guard let name = field.text() else { return nil }
        return rules(name) { report($0, name, field) }
    }

    private func rules(_ name: String, _ report: (TimeZoneError) -> Void) -> Zone? {
        if let last, last.name == name { return last }
        do throws(TimeZoneError) {
            let zone = Zone(rules: try database.rules(forZone: name), name: name)
            last = zone
            return zone
        } catch {
            report(error)
            return nil
        }
    }

    private func report(_ error: TimeZoneError, _ name: String, _ field: YAMLField) {
        let isSubstituted = field.node.scalar?.isSubstituted == true
        let shown = field.node.scalar?.raw.shortened ?? ""
        let message: String
        var hint = ""
        switch error.code {
        case .invalidName, .unknownZone:
            message = "there is no time zone '\(shown)'"
            hint = (isSubstituted ? nil : suggestion(for: name)) ?? "names are such as Europe/Berlin or UTC"
        case .unreadable, .malformed, .leapSeconds:
            message = isSubstituted ? "the rules of the time zone '\(shown)' cannot be read" : error.message
        }
        field.sink.error(.unknownZone, "\(field.path): \(message)", hint: hint, at: field.node.location)
    }

    /// A name that is spelled alike, or whose last part is: `Berlin`, `New York`.
    private func suggestion(for name: String) -> String? {
        let known = names ?? database.names()
        names = known
        if let closest = NameSuggestion.closest(to: name, in: known) { return "did you mean '\(closest)'?" }
        let city = Self.letters(of: name[...])
        guard !city.isEmpty else { return nil }
        let match = known.first { $0.contains("/") && Self.letters(of: $0.split(separator: "/").last ?? "") == city }
        return match.map { "did you mean '\($0)'?" }
    }

    private static func letters(of name: Substring) -> [Unicode.Scalar] {
        name.lowercased().unicodeScalars.filter { $0.properties.isAlphabetic }
    }
}
