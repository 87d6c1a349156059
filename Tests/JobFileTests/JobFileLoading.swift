import JSONText
import JobFile
import JobModel
import Testing
import YAMLText

/// Swift Testing has a type of that name, too.
typealias Place = JobModel.SourceLocation

let someUUID = "6f91f192-c1df-40e0-94f9-8765fd70fd02"

func load(
    _ text: String, environment: [String: String] = [:], lenient: Bool = true, set overrides: [String: String] = [:],
    path: String = "jobs/f.yaml", secrets: [String: String] = [:]
) -> JobFileResult {
    let options = JobFileOptions(
        environment: environment, lenientAccount: lenient, overrides: overrides,
        readSecret: { (path) throws(SecretFileFailure) in
            guard let secret = secrets[path] else { throw SecretFileFailure(reason: "No such file or directory") }
            return Array(secret.utf8)
        })
    return JobFileLoader.load(path: path, bytes: Array(text.utf8), options: options)
}

/// A file with one job whose settings are these lines.
func file(job settings: String, extra: String = "") -> String {
    let lines = settings.split(separator: "\n").map { "    \($0)\n" }.joined()
    return "version: 1\n\(extra)jobs:\n  a:\n    lambda: \(someUUID)\n\(lines)"
}

func onlyJob(_ settings: String, extra: String = "", environment: [String: String] = [:]) throws -> JobDefinition {
    let result = load(file(job: settings, extra: extra), environment: environment)
    #expect(result.diagnostics.isEmpty, "\(rendered(result))")
    return try #require(result.document?.jobs.first)
}

/// All problems as people see them.
func rendered(_ result: JobFileResult) -> String {
    DiagnosticRenderer().text(result.diagnostics, sources: result.source.map { [$0] } ?? [])
}

/// All problems in one line each: `line:column code message (hint)`.
func brief(_ result: JobFileResult) -> [String] {
    result.diagnostics.map { problem in
        let place = problem.location.map { "\($0.line):\($0.column) " } ?? ""
        return "\(place)\(problem.code) \(problem.message)" + (problem.hint.isEmpty ? "" : " (\(problem.hint))")
    }
}
