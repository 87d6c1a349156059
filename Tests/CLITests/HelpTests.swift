import BinarySupport
import JSONText
import Testing

@Suite("Help texts", .serialized)
struct HelpTests {
    private static let commands = [
        "run", "replay", "smoke", "invoke", "report", "schedule", "tick", "plan", "simulate", "history", "why", "init",
        "validate", "doctor", "explain", "sandbox", "schema", "completions",
    ]

    private static func help(_ arguments: [String], columns: Int) async throws -> String {
        let result = try await BuiltBinary(environment: ["COLUMNS": "\(columns)"]).run(arguments)
        #expect(result.status == 0 && result.errors.isEmpty, "\(result.errors)")
        return result.output
    }

    /// The lines that are wider than a terminal.
    private static func tooWide(_ text: String, columns: Int) -> [Substring] {
        text.split(separator: "\n").filter { $0.count > columns }
    }

    @Test("fnrun --help names every command, in 80 and in 120 columns")
    func overview() async throws {
        let text = try await Self.help(["--help"], columns: 80)
        #expect(
            try SourceTree.golden("Tests/CLITests/Fixtures/Golden/help/fnrun.txt", for: text) == text,
            "FNRUN_RECORD=1 records")
        #expect(try await Self.help(["help"], columns: 80) == text)
        for command in Self.commands { #expect(text.contains("\n  \(command) "), "\(command)") }
        #expect(Self.tooWide(text, columns: 80) == [])
        #expect(Self.tooWide(try await Self.help(["--help"], columns: 120), columns: 120) == [])
    }

    @Test("The help of a command is what was recorded, however it is asked for", arguments: commands)
    func command(name: String) async throws {
        let text = try await Self.help([name, "--help"], columns: 80)
        #expect(
            try SourceTree.golden("Tests/CLITests/Fixtures/Golden/help/\(name).txt", for: text) == text,
            "FNRUN_RECORD=1 records")
        #expect(try await Self.help(["help", name], columns: 80) == text)
        #expect(try await Self.help([name, "-h"], columns: 80) == text)
        #expect(Self.tooWide(text, columns: 80) == [])
        #expect(Self.tooWide(try await Self.help([name, "--help"], columns: 120), columns: 120) == [])
        #expect(text.contains("\nExamples:\n"))
    }

    @Test("No command is left out of these tests")
    func all() async throws {
        let dump = try await BuiltBinary().run(["--experimental-dump-help"])
        let commands = try JSONParser.parse(dump.output)["command"]?["subcommands"]?.arrayValue ?? []
        let names = commands.compactMap { $0["commandName"]?.stringValue }
        #expect(names.filter { $0 != "help" } == Self.commands)
    }
}
