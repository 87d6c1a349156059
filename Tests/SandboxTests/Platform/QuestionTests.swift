import JSONText
import Sandbox
import Testing

/// What may be asked of the gateway by GET.
@Suite struct QuestionTests {
    private static let yaml = """
        {version: 1, strict: true, functions: {\(TestSandbox.function): {}}, \
        events: {known: [\(TestSandbox.function)], empty: []}}
        """

    private func ask(_ path: String, token: String?, _ sandbox: TestSandbox) throws -> HTTPResponse {
        var request = sandbox.get("/api/account/sandbox01/\(path)")
        request.set("Authorization", token.map { "Bearer \($0)" })
        return try sandbox.send(request)
    }

    @Test(arguments: [
        ("events/known/isImplemented?v=1", 200, #"{"implemented":true}"#),
        ("events/empty/isImplemented?v=1", 200, #"{"implemented":false}"#),
        ("events/other/isImplemented?v=1&userId=u", 200, #"{"implemented":false}"#),
        ("events/known/isImplemented", 400, nil), ("lambdas/\(TestSandbox.function)/invoke?v=1", 405, nil),
        ("lambdas/c521cadf-d444-4519-ad11-1c1111114415/invoke?v=1", 404, nil),
    ])
    func answers(path: String, status: Int, body: String?) async throws {
        try await TestSandbox.with(Self.yaml) { sandbox in
            let answer = try ask(path, token: sandbox.token(), sandbox)
            #expect(answer.status == status)
            if let body { #expect(answer.text == body) }
            let seen = sandbox.server.statistics()
            #expect(seen.deviationCount == (status == 400 ? 1 : 0))
            #expect(seen.executed == 0)
        }
    }

    @Test func wantsATokenThatWasIssued() async throws {
        try await TestSandbox.with(Self.yaml) { sandbox in
            for token in [nil, "made-up"] {
                let answer = try ask("events/known/isImplemented?v=1", token: token, sandbox)
                #expect(answer.status == 401)
            }
        }
    }
}
