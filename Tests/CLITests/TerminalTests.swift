import BinarySupport
import Foundation
import Testing

/// What only a terminal shows: the binary runs at a pseudo-terminal (script(1)).
@Suite("Colours and progress", .serialized)
struct TerminalTests {
    private static let script = "version: 1\ndefault: { latency: 300ms }"

    /// Everything that is written to a terminal of 80 columns.
    private static func shown(_ command: String, variables: String = "") async throws -> String {
        let binary = try BuiltBinary()
        let settings = "input: { items: [1, 2, 3, 4] }\nconcurrency: 1\nexpect: [{ status: 500 }]"
        try binary.write(JobFileText("http://127.0.0.1:1", settings).text, to: "job.yaml")
        try binary.write(script, to: "sandbox.yaml")
        let path = try BuiltBinary.url.deletingLastPathComponent().path
        let result = try await Shell.run(
            """
            export PATH='\(path)':"$PATH" TERM=xterm-256color
            unset NO_COLOR
            export SHELL=/bin/bash \(variables)
            script -qec 'stty cols 80; \(command); true' /dev/null < /dev/null
            """, in: binary.folder)
        #expect(result.status == 0, "\(result.output)")
        return result.output
    }

    private static let color = "\u{1B}["

    @Test(
        "Text is coloured on a terminal, unless somebody says no",
        arguments: ["smoke job.yaml --sandbox --progress none", "doctor job.yaml --sandbox", "validate sandbox.yaml"],
        [("", "", true), ("NO_COLOR=1", "", false), ("TERM=dumb", "", false), ("", "--no-color", false)])
    func colors(command: String, choice: (variables: String, option: String, isColored: Bool)) async throws {
        let text = try await Self.shown("fnrun \(command) \(choice.option)", variables: choice.variables)
        #expect(text.contains(Self.color) == choice.isColored, "\(text)")
    }

    @Test("Without a terminal nothing is coloured")
    func pipe() async throws {
        let text = try await Self.shown("fnrun doctor job.yaml --sandbox 2>&1 | cat")
        #expect(!text.contains(Self.color) && text.contains("✓"), "\(text)")
    }

    @Test("A live line is erased before anything else is written, and at the end")
    func liveLine() async throws {
        let text = try await Self.shown("fnrun run job.yaml --sandbox-script sandbox.yaml --log-level debug")
        #expect(text.contains("\rwork 1/4 25%"), "\(text)")
        #expect(text.contains("retries\u{1B}[K\r\u{1B}[Kwork: 4 rows in "), "\(text)")
        let parts = text.components(separatedBy: "retries\u{1B}[K")
        #expect(parts.count > 1 && parts.dropFirst().allSatisfy { $0.unicodeScalars.first == "\r" }, "\(text)")
    }

    @Test("Records on the terminal have no live line among them")
    func records() async throws {
        let text = try await Self.shown("fnrun run job.yaml --sandbox-script sandbox.yaml --output -")
        #expect(text.contains("{\"type\":\"invocation\"") && !text.contains("in flight"), "\(text)")
    }

    @Test("TERM=dumb has plain progress, not a live line")
    func dumb() async throws {
        let text = try await Self.shown("fnrun run job.yaml --sandbox-script sandbox.yaml", variables: "TERM=dumb")
        #expect(text.contains("work: 4 rows in ") && !text.contains("\u{1B}"), "\(text)")
    }
}
