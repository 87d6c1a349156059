import BinarySupport
import Foundation
import JSONText
import JobModel
import SettingsSchema
import Testing
import YAMLText

@testable import JobFile

/// What fnrun accepts is valid under the schema, and what the schema refuses fnrun refuses: these are one statement.
@Suite struct ValidityTests {
    private static let options = JobFileOptions(environment: ["N": "7"], lenientAccount: true)

    /// What fnrun finds wrong; nil if it accepts the file.
    private static func refusal(of text: String) -> String? {
        let result = JobFileLoader.load(path: "job.yaml", bytes: Array(text.utf8), options: options)
        return result.diagnostics.first { $0.severity == .error }.map { "\($0.code): \($0.message)" }
    }

    /// The file as editors see it: YAML 1.2, aliases expanded, variables not filled in.
    private static func raw(_ text: String) -> JSONValue? {
        let sink = DiagnosticSink(file: "job.yaml")
        let root = YAMLDocument.root(of: SourceText(file: "job.yaml", bytes: Array(text.utf8)), sink: sink)
        return root.map { JSONConversion.plain($0) }
    }

    private struct Text: Sendable {
        var place: String
        var text: String
    }

    /// Job files: of the repository, in blocks of its pages, and in the sources of its tests.
    private static func texts() throws -> [Text] {
        var texts: [Text] = []
        for path in try SourceTree.paths(below: "examples", endingIn: [".yaml"])
            + SourceTree.paths(below: "jobs", endingIn: [".yaml"])
            + SourceTree.paths(below: "Benchmarks", endingIn: [".yaml"])
        {
            texts.append(Text(place: path, text: try SourceTree.text(path)))
        }
        for path in ["README.md"] + (try SourceTree.paths(below: "docs", endingIn: [".md"]))
            + (try SourceTree.paths(below: "examples", endingIn: [".md"]))
        {
            texts += blocks(between: "```yaml", and: "```", of: try SourceTree.text(path), in: path)
        }
        for path in try SourceTree.paths(below: "Tests", endingIn: [".swift"]) {
            texts += blocks(between: "\"\"\"", and: "\"\"\"", of: try SourceTree.text(path), in: path)
        }
        return texts.filter { $0.text.contains("version: 1") && $0.text.contains("jobs:") }
    }

    /// What stands between lines that end in one mark and lines that begin with another, without its indentation.
    private static func blocks(between open: String, and close: String, of text: String, in path: String) -> [Text] {
        var blocks: [Text] = []
        var block: [Substring]?
        for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let trimmed = line.drop { $0 == " " }
            if let lines = block {
                guard trimmed.hasPrefix(close) else {
                    block?.append(line)
                    continue
                }
                let indentation = line.count - trimmed.count
                blocks.append(
                    Text(
                        place: "\(path):\(number + 1)",
                        text: lines.map { $0.dropFirst(indentation) }.joined(separator: "\n").replacing(
                            "\\\n", with: "") + "\n"))
                block = nil
            } else if line.hasSuffix(open) {
                block = []
            }
        }
        return blocks
    }

    @Test("Every job file of examples, pages and tests that fnrun accepts is valid")
    func accepted() async throws {
        let texts = try Self.texts().filter { Self.refusal(of: $0.text) == nil }
        let places = texts.map(\.place)
        for part in ["examples/01-hello/job.yaml", "jobs/", "docs/job-files.md", "Tests/JobFileTests/"] {
            #expect(places.contains { $0.hasPrefix(part) }, "nothing of \(part) in \(places)")
        }
        let verdicts = try await SchemaValidator.refusals(of: texts.compactMap { Self.raw($0.text) })
        #expect(verdicts.count == texts.count)
        for (text, verdict) in zip(texts, verdicts) {
            if let verdict { Issue.record("\(text.place): \(verdict)\n\(text.text)") }
        }
    }

    /// What may be written in place of a value by mistake.
    private static let values: [JSONValue] = [
        true, 0, -1, 30, 1_000_000_000_000, .number(JSONNumber(validText: "1.5")), "", "wrong?", "true", "30", .null,
        [],
        [1], [["a": 1]], ["a": 1], "${N}", "$${N}",
    ]

    @Test("Of mistakes in each setting, what the schema refuses fnrun refuses")
    func mistakes() async throws {
        var files: [JSONValue] = []
        var names: [String] = []
        for mapping in SchemaWalk.mappings(of: JobFileSchema.file) {
            for setting in mapping.settings {
                for value in Self.values {
                    files.append(JobFileSample.file(with: setting.key, as: value, in: mapping.name))
                    names.append("\(mapping.name).\(setting.key): \(JSONWriter.text(of: value))")
                }
            }
            for key in ["zzz", (mapping.keys.first ?? "") + "s", "${N}"] {
                files.append(JobFileSample.file(with: key, as: 1, in: mapping.name))
                names.append("\(mapping.name): the key \(key)")
            }
        }
        let verdicts = try await SchemaValidator.refusals(of: files)
        var refused = 0
        for (position, verdict) in verdicts.enumerated() {
            guard let verdict else { continue }
            refused += 1
            let found = Self.refusal(of: JSONWriter.text(of: files[position]))
            #expect(found != nil, "\(names[position]): \(verdict), but fnrun accepts it")
        }
        #expect(refused > 400, "the schema refuses only \(refused) of \(files.count)")
    }

    /// Mistakes that people make: mapping, key, value.
    private static let table: [(String, String, JSONValue)] = [
        ("job", "timeout", 30), ("job", "timeout", "30"), ("job", "timeout", "30sec"), ("job", "timeout", "1s1h"),
        ("job", "rate", 50), ("job", "rate", "50/d"), ("job", "rate", "fast"), ("job", "concurrency", 0),
        ("job", "concurrency", "8"), ("job", "concurrency", 100_001), ("job", "adaptive", "yes"),
        ("job", "tolerate", "5"), ("job", "tolerate", -1), ("job", "concurency", 8), ("job", "retries", 3),
        ("job", "idempotent", "true"), ("job", "mutex", "a b"), ("job", "headers", ["a"]), ("job", "lambda", ""),
        ("job", "input", "customers.csv"), ("job", "schedule", "0 2 * * *"), ("job", "schedule", ["every": 15]),
        ("job", "overlap", "Skip"), ("job", "catchupMax", 0), ("job", "onFailure", "https://a.example"),
        ("job", "ping", "example.com"), ("retry", "jitter", "some"), ("retry", "maxAttempts", 0),
        ("retry", "statuses", 500), ("retry", "statuses", ["5xx"]), ("retry", "backoff", 2),
        ("record", "maxResponse", "64 kilobytes"), ("input", "format", "xlsx"), ("input", "delimiter", ";;"),
        ("input", "header", "no"), ("schedule", "cron", "0 2 * *"), ("schedule", "at", "2026-12-31"),
        ("schedule", "exclude", ["24.12."]), ("schedule", "cron", 5), ("dst", "gap", "both"),
        ("account", "platform", "v3"), ("account", "id", "1234-5678"), ("endpoints", "gateway", "va.faasgw.net"),
        ("endpoints", "gateway", "https://a.example/path"), ("lambda", "uuid", "6f91f192"),
        ("lambda", "event", "two words"), ("defaults", "lambda", "f"), ("defaults", "schedule", ["every": "1h"]),
        ("file", "version", 2), ("file", "jobs", JSONValue.null), ("file", "jobs", ["a b": ["lambda": "f"]]),
        ("file", "lambda", ["f": "x"]), ("file", "lambdas", ["f": "syncCustomer"]), ("file", "vars", ["a"]),
    ]

    @Test("Mistakes that people make are told by the schema already, and by fnrun")
    func commonMistakes() async throws {
        let files = Self.table.map { JobFileSample.file(with: $1, as: $2, in: $0) }
        let verdicts = try await SchemaValidator.refusals(of: files)
        for (position, verdict) in verdicts.enumerated() {
            #expect(verdict != nil, "the schema accepts \(Self.table[position])")
            let found = Self.refusal(of: JSONWriter.text(of: files[position]))
            #expect(found != nil, "fnrun accepts \(Self.table[position])")
        }
    }
}

extension JSONConversion {
    /// A tree as JSON.
    fileprivate static func plain(_ node: YAMLNode) -> JSONValue {
        JSONConversion(sink: DiagnosticSink(file: "")).value(node)
    }
}
