import BinarySupport
import Foundation
import JSONText
import Testing

@Suite("fnrun invoke", .serialized)
struct InvokeTests {
    private static let function = JobFileText.function

    @Test("The answer goes to stdout as it was received", arguments: ["{\"n\": 1.10}", "[]", "\"text\"", "0"])
    func answer(data: String) async throws {
        let result = try await BuiltBinary().run(["invoke", Self.function, "--sandbox", "--data", data])
        #expect(result.status == 0, "\(result.errors)")
        let expected = try JSONWriter.text(of: JSONParser.parse(data))
        #expect(try JSONWriter.text(of: JSONParser.parse(result.output)) == expected)
    }

    @Test("The payload comes from a file or from stdin", arguments: ["@payload.json", "@-"])
    func payload(data: String) async throws {
        let binary = try BuiltBinary()
        let text = "{\"from\":\"\(data)\"}"
        try binary.write(text, to: "payload.json")
        let result = try await binary.run(["invoke", Self.function, "--sandbox", "--data", data], input: text)
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.lines == [text])
    }

    @Test("The account comes from the environment, hosts from its Domain API")
    func account() async throws {
        let sandbox = try await SandboxProcess.start(
            script: "accounts: { \"777\": { clientId: me, clientSecret: pw } }")
        let binary = try BuiltBinary(
            environment: [
                "LP_ACCOUNT_ID": "777", "LP_CLIENT_ID": "me", "LP_CLIENT_SECRET": "pw",
                "LP_DOMAIN_API": sandbox.url,
            ])
        let result = try await binary.run(["invoke", Self.function, "--format", "json"])
        #expect(result.status == 0, "\(result.errors)")
        let record = try JSONParser.parse(result.output)
        #expect(record["type"]?.stringValue == "invocation")
        #expect(record["outcome"]?.stringValue == "succeeded" && record["status"]?.intValue == 200)
        #expect(try sandbox.statistics().deviationCount == 0)
        let event = try await binary.run(["invoke", "controllerbot_messaging_conversation_end"])
        #expect(event.status == 0, "\(event.errors)")
        #expect(try sandbox.statistics().requests["event"] == 1)
    }

    @Test("A .env of the working directory is read, and the environment beats it")
    func environmentFile() async throws {
        let sandbox = try await SandboxProcess.start(
            script: "accounts: { \"777\": { clientId: me, clientSecret: pw } }")
        let binary = try BuiltBinary(environment: ["LP_CLIENT_SECRET": "pw"])
        try binary.write(
            "LP_ACCOUNT_ID=777\nexport LP_CLIENT_ID='me'\nLP_CLIENT_SECRET=wrong\nLP_DOMAIN_API=\(sandbox.url)\n",
            to: ".env")
        let result = try await binary.run(["invoke", Self.function])
        #expect(result.status == 0, "\(result.errors)")
        #expect(try sandbox.statistics().deviationCount == 0)
    }

    @Test("A function's failure is told on stderr: 1")
    func failure() async throws {
        let binary = try BuiltBinary()
        try binary.write(
            "version: 1\ndefault: { then: { status: 901, code: com.example.bad, message: no such customer } }\n",
            to: "sandbox.yaml")
        let result = try await binary.run(["invoke", Self.function, "--sandbox-script", "sandbox.yaml"])
        #expect(result.status == 1)
        #expect(result.output.isEmpty)
        #expect(result.errors.contains("901") && result.errors.contains("no such customer"))
        #expect(result.errors.contains("com.example.bad"))
    }

    struct Mistake: Sendable, CustomTestStringConvertible {
        var arguments: [String]
        var status: Int32
        var word: String
        var testDescription: String { arguments.joined(separator: " ") }
    }

    @Test(
        "Mistakes are told before anything is sent",
        arguments: [
            Mistake(arguments: ["--data", "{nope"], status: 64, word: "JSON"),
            Mistake(arguments: ["--data", "null"], status: 64, word: "null"),
            Mistake(arguments: ["--data", ""], status: 64, word: "JSON"),
            Mistake(arguments: ["--data", "@missing.json"], status: 2, word: "missing.json"),
            Mistake(arguments: ["--data", "@bad.json"], status: 2, word: "bad.json"),
            Mistake(arguments: ["--frobnicate"], status: 64, word: "frobnicate"),
        ])
    func mistake(mistake: Mistake) async throws {
        let binary = try BuiltBinary()
        try binary.write("{\"a\":", to: "bad.json")
        let result = try await binary.run(["invoke", Self.function, "--sandbox"] + mistake.arguments)
        #expect(result.status == mistake.status, "\(result.errors)")
        #expect(result.errors.contains(mistake.word), "\(result.errors)")
        #expect(result.output.isEmpty)
    }

    @Test("A target that is neither UUID nor event: 64", arguments: ["", "a b", "../x", "6f91f192-c1df-40e0-94f9"])
    func badTarget(target: String) async throws {
        let result = try await BuiltBinary().run(["invoke", target, "--dry-run"])
        // A word of letters, digits and hyphens may be an event.
        let isEvent = target.hasPrefix("6f")
        #expect(result.status == (isEvent ? 0 : 64), "\(result.errors)")
    }

    @Test("Every variable that is missing is named: 2")
    func missingEnvironment() async throws {
        let result = try await BuiltBinary(environment: ["LP_CLIENT_ID": "me"]).run(["invoke", Self.function])
        #expect(result.status == 2)
        #expect(result.errors.contains("LP_ACCOUNT_ID") && result.errors.contains("LP_CLIENT_SECRET"))
        #expect(!result.errors.contains("LP_CLIENT_ID"))
    }
}
