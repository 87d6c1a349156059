import BinarySupport
import Foundation
import JSONText

/// The committed schema under a validator that others wrote: Python's jsonschema.
struct SchemaValidator {
    /// Checks documents given as lines of JSON, and the schema itself; prints a line for each.
    private static let program = """
        import json, sys
        from jsonschema import Draft7Validator
        schema = json.load(open(sys.argv[1]))
        Draft7Validator.check_schema(schema)
        validator = Draft7Validator(schema)
        for line in open(sys.argv[2], encoding="utf-8"):
            error = next(iter(validator.iter_errors(json.loads(line))), None)
            print("ok" if error is None else "refused: " + error.message.replace("\\n", " ")[:200])

        """

    /// - Returns: of each document, why it is refused; nil if it is valid.
    static func refusals(of documents: [JSONValue]) async throws -> [String?] {
        let folder = try TemporaryFolder()
        try program.write(to: folder.url.appendingPathComponent("check.py"), atomically: true, encoding: .utf8)
        let lines = documents.map { JSONWriter.text(of: $0) + "\n" }.joined()
        try lines.write(to: folder.url.appendingPathComponent("documents"), atomically: true, encoding: .utf8)
        let schema = SourceTree.root.appendingPathComponent("schema/job.schema.json").path
        let (status, output) = try await Shell.run("python3 check.py '\(schema)' documents", in: folder.url)
        let verdicts = output.split(separator: "\n").map { $0 == "ok" ? nil : String($0) }
        guard status == 0, verdicts.count == documents.count else { throw Failure(output: output) }
        return verdicts
    }

    /// The validator did not do its work; scripts/setup installs it.
    struct Failure: Error {
        var output: String
    }
}
