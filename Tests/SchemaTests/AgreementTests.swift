import BinarySupport
import JSONText
import JobModel
import SettingsSchema
import Testing
import YAMLText

@testable import JobFile

/// The description of job files and what reads them know the same keys.
@Suite struct AgreementTests {
    /// What the readers asked for in the mappings of a file, by the mapping's name in the description.
    private struct Known {
        var accepted: Set<String> = []
        /// Refused where they stand, such as a key of a job that cannot be a default, or that is for later versions.
        var refused: Set<String> = []
    }

    private final class Listener {
        var known: [String: Known] = [:]
        var strangers: [String] = []
    }

    /// Reads a job file and listens to the readers.
    private static func read(_ text: String) throws -> (listener: Listener, diagnostics: [Diagnostic]) {
        let listener = Listener()
        let sink = DiagnosticSink(file: "job.yaml")
        sink.onKnownKeys = { path, known, refused in
            guard let mapping = SchemaWalk.mapping(at: path, of: JobFileSchema.file) else {
                listener.strangers.append(path)
                return
            }
            listener.known[mapping.name, default: Known()].accepted.formUnion(Set(known).subtracting(refused))
            listener.known[mapping.name, default: Known()].refused.formUnion(refused)
        }
        let source = SourceText(file: "job.yaml", bytes: Array(text.utf8))
        let root = try #require(YAMLDocument.root(of: source, sink: sink))
        let options = JobFileOptions(environment: [:], lenientAccount: true)
        let filling = EnvironmentFilling(environment: [:], lenientKey: "account", source: source, sink: sink)
        _ = JobFileReader(source: source, options: options, sink: sink).read(filling.filled(root))
        return (listener, sink.sorted())
    }

    /// A file that has every mapping of the description.
    private static func fullest() -> JSONValue {
        JobFileSample.file(changingFile: { file in
            file["account"] = [
                "id": "1", "clientId": "c", "clientSecret": "s", "endpoints": ["gateway": "https://a.example"],
            ]
        }) { job in
            job["retry"] = ["maxAttempts": 2]
            job["record"] = ["request": true]
            job["input"] = ["file": "a.csv"]
            job["schedule"] = ["cron": "0 2 * * *", "dst": ["gap": "skip"]]
            job["onFailure"] = ["webhook": "https://a.example"]
            job["expect"] = [["status": 200]]
        }
    }

    @Test("Every key that a reader asks for is described, and every key that is described is asked for")
    func sameKeys() throws {
        let (listener, diagnostics) = try Self.read(JSONWriter.text(of: Self.fullest()))
        #expect(diagnostics.allSatisfy { $0.code == "not-supported-yet" }, "\(diagnostics)")
        #expect(listener.strangers.isEmpty)
        for mapping in SchemaWalk.mappings(of: JobFileSchema.file) {
            let described = Set(mapping.keys)
            guard let known = listener.known[mapping.name] else {
                // No reader, no promise: its key itself must be refused.
                #expect(mapping.name == "expectation", "nobody reads \(mapping.name)")
                #expect(listener.known["job"]?.refused.contains("expect") == true)
                continue
            }
            let read = mapping.name == "job" ? known.accepted.union(known.refused) : known.accepted
            #expect(read == described, "in \(mapping.name)")
        }
        #expect(SchemaWalk.mappings(of: JobFileSchema.file).count > 10)
    }

    @Test("Every example of the description is a valid setting")
    func examples() throws {
        var count = 0
        for mapping in SchemaWalk.mappings(of: JobFileSchema.file) {
            for setting in mapping.settings {
                #expect(!setting.examples.isEmpty, "\(mapping.name).\(setting.key) has no example")
                for example in setting.examples {
                    count += 1
                    let file = JobFileSample.file(with: setting.key, as: example, in: mapping.name)
                    let (_, diagnostics) = try Self.read(JSONWriter.text(of: file))
                    let errors = diagnostics.filter { problem in
                        problem.severity == .error && problem.code != "not-supported-yet"
                            // An example may name a variable that is not set here.
                            && problem.code != "unset-variable"
                    }
                    #expect(
                        errors.isEmpty, "\(mapping.name).\(setting.key): \(JSONWriter.text(of: example)): \(errors)")
                }
            }
        }
        #expect(count > 80)
    }
}
