import BinarySupport
import Foundation
import JSONText
import Testing

@Suite("fnrun init and schema", .serialized)
struct InitTests {
    private static let files = [
        "job.yaml", "job.schema.json", ".env.example", "app-installation.json", ".github/workflows/fnrun.yml",
        ".gitignore",
    ]

    @Test("init writes files that only the user can read, in folders that only the user can open")
    func modes() async throws {
        let binary = try BuiltBinary()
        let made = try await binary.run(["init", "a/b"])
        #expect(made.status == 0, "\(made.errors)")
        for file in Self.files {
            #expect(made.errors.contains("wrote a/b/\(file)"))
            #expect(try Self.mode(of: "a/b/\(file)", binary) == 0o600)
        }
        for folder in ["a", "a/b", "a/b/.github", "a/b/.github/workflows"] {
            #expect(try Self.mode(of: folder, binary) == 0o700)
        }
    }

    private static func mode(of path: String, _ binary: BuiltBinary) throws -> Int? {
        let attributes = try FileManager.default.attributesOfItem(
            atPath: binary.folder.appendingPathComponent(path).path)
        return attributes[.posixPermissions] as? Int
    }

    @Test("The job file names the schema beside it, which is the one that 'fnrun schema' prints")
    func schema() async throws {
        let binary = try BuiltBinary()
        #expect(try await binary.run(["init"]).status == 0)
        #expect(try binary.read("job.yaml").hasPrefix("# yaml-language-server: $schema=job.schema.json\n"))
        let printed = try await binary.run(["schema"])
        #expect(printed.status == 0)
        #expect(try binary.read("job.schema.json") == printed.output)
        #expect(
            try JSONParser.parse(printed.output)["$schema"]?.stringValue == "http://json-schema.org/draft-07/schema#")
    }

    @Test("What is commented out in the job file is valid once it is not")
    func comments() async throws {
        let binary = try BuiltBinary()
        #expect(try await binary.run(["init"]).status == 0)
        let text = try binary.read("job.yaml")
        #expect(text.contains("    # schedule: "))
        try binary.write(text.replacingOccurrences(of: "# schedule: ", with: "schedule: "), to: "job.yaml")
        let plan = try await binary.run(["plan", "job.yaml", "--count", "1"])
        #expect(plan.status == 0, "\(plan.errors)")
        #expect(plan.output.contains("greet-everyone"))
    }

    @Test("The smoke tests of the job file pass against the sandbox")
    func smoke() async throws {
        let binary = try BuiltBinary()
        #expect(try await binary.run(["init"]).status == 0)
        let tested = try await binary.run(["smoke", "job.yaml", "--sandbox"])
        #expect(tested.status == 0, "\(tested.output)\(tested.errors)")
    }

    @Test("The app installation is what LivePerson asks for")
    func installation() async throws {
        let binary = try BuiltBinary()
        #expect(try await binary.run(["init"]).status == 0)
        let value = try JSONParser.parse(try binary.read("app-installation.json"))
        #expect(value["grant_types"]?[0]?.stringValue == "client_credentials")
        #expect(value["response_types"]?[0]?.stringValue == "token")
        #expect(value["scope"]?.stringValue == "faas.lambda.invoke")
        #expect(value["client_name"]?.stringValue != nil && value["description"]?.stringValue != nil)
    }

    @Test("Nothing is written if one of the files is there", arguments: files.filter { $0 != ".gitignore" })
    func neverOverwrites(file: String) async throws {
        let binary = try BuiltBinary()
        try binary.write("mine", to: file)
        let refused = try await binary.run(["init"])
        #expect(refused.status == 7 && refused.errors.contains("\(file): is there already"))
        #expect(try binary.read(file) == "mine")
        for other in Self.files where other != file {
            #expect(!FileManager.default.fileExists(atPath: binary.folder.appendingPathComponent(other).path))
        }
    }

    @Test("A .gitignore that is there stays as it is; lines that it lacks are told")
    func gitignore() async throws {
        let binary = try BuiltBinary()
        try binary.write("/results/\n.build\n", to: ".gitignore")
        let made = try await binary.run(["init"])
        #expect(made.status == 0)
        #expect(made.errors.contains(".gitignore is there already; add to it: .env .fnrun/\n"))
        #expect(try binary.read(".gitignore") == "/results/\n.build\n")
    }
}
