import JSONText
import JobModel
import Templating
import TestSupport

/// Two zones that are enough for dates: Berlin with summer time from April to October, Kolkata without.
struct TwoZones: TimeZoneProvider {
    func offset(inZone name: String, at time: Timestamp) -> (secondsEast: Int, abbreviation: String)? {
        switch name {
        case "Europe/Berlin":
            let month = CivilDateTime(secondsSinceEpoch: time.seconds).month
            return (4...10).contains(month) ? (7200, "CEST") : (3600, "CET")
        case "Asia/Kolkata": return (19_800, "IST")
        case "America/New_York": return (-18_000, "EST")
        default: return nil
        }
    }
}

/// Shortcuts around the template types, with a context in which every value is known.
enum Fixture {
    static func context(row: String = "{}", vars: JSONObject = [:], extras: [JSONValue?] = []) throws -> RenderContext {
        RenderContext(
            row: try JSONParser.parse(row), index: 17, vars: vars, jobName: "nightly-sync", runID: "0190-run",
            nominalTime: Timestamp(seconds: 1_795_310_100), startedAt: Timestamp(microseconds: 1_795_310_101_123_456),
            now: Timestamp(microseconds: 1_795_310_102_000_789), zones: TwoZones(), random: SeededGenerator(seed: 1),
            extras: extras)
    }

    /// What `{{ expression }}` alone becomes in a payload.
    static func json(_ expression: String, row: String = "{}") throws -> String {
        try payload(.string("{{ \(expression) }}", id: 1), row: row)
    }

    static func payload(_ source: TemplateSource, row: String = "{}", vars: JSONObject = [:]) throws -> String {
        var context = try context(row: row, vars: vars)
        var output: [UInt8] = []
        try PayloadTemplate(compiling: source, zones: TwoZones()).render(into: &output, context: &context)
        return String(decoding: output, as: UTF8.self)
    }

    static func text(_ template: String, row: String = "{}", vars: JSONObject = [:]) throws -> String {
        var context = try context(row: row, vars: vars)
        return try TextTemplate(compiling: template, zones: TwoZones()).text(context: &context)
    }

    /// The message of the row's error.
    static func failure(_ expression: String, row: String = "{}") throws -> String? {
        do {
            _ = try json(expression, row: row)
            return nil
        } catch let error as TemplateError {
            return error.message
        }
    }

    static func problems(
        _ template: String, scope: TemplateScope = .row, zones: (any TimeZoneProvider)? = TwoZones()
    ) -> [TemplateProblem] {
        do throws(TemplateProblems) {
            _ = try TextTemplate(compiling: template, id: 7, scope: scope, zones: zones)
            return []
        } catch {
            return error.list
        }
    }
}
