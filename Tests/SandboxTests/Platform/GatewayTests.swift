import JSONText
import JobModel
import Sandbox
import Testing

@Suite struct GatewayTests {
    private let id = TestSandbox.function
    private let other = "c521cadf-d444-4519-ad11-1c1111114415"

    private func requestID(_ number: Int) -> String {
        "018f2f0e-5f2b-7c3d-8e4f-0000000000\(number < 10 ? "0" : "")\(number)"
    }

    @Test func makesRepliesFromTemplates() async throws {
        let yaml = """
            version: 1
            functions:
              \(id):
                name: hello
                reply:
                  greeting: "hello {{ payload.name | upper }}"
                  whole: "{{ payload }}"
                  tenant: "{{ headers.X-Tenant | default: 'none' }}"
                  function: "{{ function.name }}/{{ function.uuid }}"
                  account: "{{ account }}"
                  request: "{{ requestId }}"
                  attempt: "{{ attempt }}"
                  index: "{{ index }}"
                  number: 1.10
            """
        try await TestSandbox.with(yaml) { sandbox in
            let token = try sandbox.token()
            var request = sandbox.invocation(token)
            request.body = sandbox.body(
                payload: #"{"name":"ada","n":1.10}"#, headers: #"[{"key":"X-Tenant","value":"emea"}]"#)
            _ = try sandbox.send(request)
            let expected =
                #"{"greeting":"hello ADA","whole":{"name":"ada","n":1.10},"tenant":"emea","#
                + "\"function\":\"hello/\(id)\",\"account\":\"sandbox01\","
                + "\"request\":\"\(TestSandbox.requestID)\",\"attempt\":2,\"index\":1,\"number\":1.10}"
            #expect(try sandbox.send(request).text == expected)
        }
    }

    @Test func aReplyThatCannotBeMadeIsTheFunctionsFailure() async throws {
        let yaml = "{version: 1, default: {reply: {name: '{{ payload.nmae }}'}}}"
        try await TestSandbox.with(yaml) { sandbox in
            let answer = try sandbox.send(sandbox.invocation(sandbox.token()))
            #expect(answer.status == 901)
            let message = try answer.json["errorMsg"]?.stringValue
            #expect(message?.contains("payload.nmae") == true)
            #expect(sandbox.server.statistics().statuses == [200: 1, 901: 1])
        }
    }

    @Test func unknownFunctionsAre404IfStrict() async throws {
        try await TestSandbox.with("{version: 1, strict: true, functions: {\(id): {}}}") { sandbox in
            let token = try sandbox.token()
            #expect(try sandbox.send(sandbox.invocation(token)).status == 200)
            let answer = try sandbox.send(sandbox.invocation(token, function: other, id: requestID(1)))
            #expect(answer.status == 404)
            #expect(try answer.json["errorCode"] == "com.liveperson.faas.es.missinglambda")
            #expect(sandbox.rules == [])
        }
    }

    @Test func theCaseOfAUUIDDoesNotMatter() async throws {
        try await TestSandbox.with("{version: 1, strict: true, functions: {\(id.uppercased()): {}}}") { sandbox in
            let token = try sandbox.token()
            #expect(try sandbox.send(sandbox.invocation(token, function: id.uppercased())).status == 200)
            #expect(sandbox.server.statistics().targets[id]?.received == 1)
        }
    }

    @Test func sequencesAreOfEachRequestID() async throws {
        try await TestSandbox.with("{version: 1, default: {sequence: [429, 500, ok], then: 901}}") { sandbox in
            let token = try sandbox.token()
            for step in [429, 500, 200, 901, 901] {
                for number in 1...3 {
                    #expect(try sandbox.send(sandbox.invocation(token, id: requestID(number))).status == step)
                }
            }
            #expect(sandbox.server.statistics().duplicateRequestIDs == 3)
        }
    }

    @Test func sequencesCanBeOfTheFunction() async throws {
        try await TestSandbox.with("{version: 1, default: {sequence: [429, 500], per: function}}") { sandbox in
            let token = try sandbox.token()
            let statuses = try (1...4).map { number in
                try sandbox.send(sandbox.invocation(token, id: requestID(number))).status
            }
            #expect(statuses == [429, 500, 200, 200])
            #expect(try sandbox.send(sandbox.invocation(token, function: other, id: requestID(9))).status == 429)
        }
    }

    @Test func withoutARequestIDSequencesAreOfTheFunction() async throws {
        try await TestSandbox.with("{version: 1, default: {sequence: [500]}}") { sandbox in
            var request = sandbox.invocation(try sandbox.token())
            request.set("X-Request-ID", nil)
            #expect(try sandbox.send(request).status == 500)
            #expect(try sandbox.send(request).status == 200)
        }
    }

    @Test func whatIsRefusedUsesUpNoFate() async throws {
        try await TestSandbox.with("{version: 1, default: {sequence: [500]}}") { sandbox in
            let token = try sandbox.token()
            #expect(try sandbox.send(sandbox.invocation("unknown")).status == 401)
            #expect(try sandbox.send(sandbox.invocation(token)).status == 500)
        }
    }

    @Test(arguments: [
        (#"{"id":3,"kind":"x"}"#, 901), (#"{"id":"3","kind":"x"}"#, 901), (#"{"id":3.0,"kind":"x"}"#, 901),
        (#"{"id":3}"#, 200), (#"{"id":4,"tags":["a","b"]}"#, 503), (#"{"id":4,"tags":["b","a"]}"#, 200),
        (#"{"id":5,"gone":null}"#, 418), (#"{"id":5}"#, 418), (#"{"id":5,"gone":1}"#, 200), ("7", 200),
    ])
    func casesDecideByContent(payload: String, status: Int) async throws {
        let yaml = """
            version: 1
            default:
              reply: {fixed: true}
              match:
                - when: {payload.id: 3, payload.kind: x}
                  then: 901
                - when: {'payload["tags"]': [a, b]}
                  then: 503
                - when: {payload.id: 5, payload.gone: null}
                  then: 418
            """
        try await TestSandbox.with(yaml) { sandbox in
            let answer = try sandbox.send(sandbox.invocation(sandbox.token(), payload: payload))
            #expect(answer.status == status)
            if status == 200 { #expect(answer.text == #"{"fixed":true}"#) }
        }
    }

    @Test func casesSeeHeadersAndHaveSequencesOfTheirOwn() async throws {
        let yaml = """
            version: 1
            default:
              per: function
              sequence: [500]
              match: [{when: {headers.X-Tenant: emea}, sequence: [503, 504]}]
            """
        try await TestSandbox.with(yaml) { sandbox in
            let token = try sandbox.token()
            var tenant = sandbox.invocation(token)
            tenant.body = sandbox.body(payload: "{\"id\":1}", headers: #"[{"key":"X-Tenant","value":"emea"}]"#)
            let plain = sandbox.invocation(token, id: requestID(1))
            let statuses = try [plain, tenant, tenant, plain, tenant].map { try sandbox.send($0).status }
            #expect(statuses == [500, 503, 504, 200, 200])
        }
    }

    @Test func failuresComeAtTheirRate() async throws {
        let yaml = "{version: 1, default: {failures: {rate: 25%, as: [429, 500], seed: 7}}}"
        try await TestSandbox.with(yaml) { sandbox in
            let token = try sandbox.token()
            func round() throws -> [Int] {
                let connection = try RawConnection(port: sandbox.server.port)
                return try (0..<400).map { _ in
                    try connection.send(sandbox.invocation(token).bytes)
                    return try #require(connection.response()).status
                }
            }
            let statuses = try round()
            #expect((70...130).contains(statuses.count { $0 != 200 }))
            #expect(Set(statuses) == [200, 429, 500])
            sandbox.server.reset()
            #expect(try round() == statuses, "the same seed fails the same requests")
        }
    }

    @Test func errorsLookAsOnV1() async throws {
        let yaml = "{version: 1, default: {sequence: [901, {status: 429, retryAfter: 3, code: c, message: 'm \"q\"'}]}}"
        try await TestSandbox.with(yaml) { sandbox in
            let token = try sandbox.token()
            let first = try sandbox.send(sandbox.invocation(token))
            #expect(first.status == 901)
            #expect(try first.json["errorCode"] == "com.liveperson.faas.handler.runtime-exception")
            #expect(try first.json["errorMsg"]?.stringValue != nil)
            let second = try sandbox.send(sandbox.invocation(token))
            #expect(second.headers["retry-after"] == "3")
            #expect(second.text == #"{"errorCode":"c","errorMsg":"m \"q\""}"#)
        }
    }

    @Test func errorsLookAsOnV2() async throws {
        let yaml = "{version: 1, platform: v2, strict: true, functions: {\(id): {then: 901}}}"
        try await TestSandbox.with(yaml) { sandbox in
            let token = try sandbox.token()
            var request = sandbox.invocation(token)
            request.target = "/api/account/sandbox01/lambdas/\(id)/invoke?userId=test"
            request.set("LP-EventSource", "mine")
            let failed = try sandbox.send(request).json
            #expect(failed["code"] == "com.customer.faas.function.threw-error")
            #expect(failed["message"]?.stringValue != nil)
            let missing = try sandbox.send(sandbox.invocation(token, function: other, id: requestID(1))).json
            #expect(missing["code"] == "com.liveperson.faas.function.not-found")
            #expect(sandbox.rules == [], "V2 needs no v, and tolerates it")
        }
    }

    @Test(arguments: [
        ("{status: 200, body: '<b>no</b>'}", 200, "text/html; charset=utf-8", "<b>no</b>"),
        ("{status: 503, body: 'try later'}", 503, "text/plain; charset=utf-8", "try later"),
        ("{status: 500, body: {a: [1.10, null]}}", 500, "application/json", #"{"a":[1.10,null]}"#),
        ("{status: 901, body: ''}", 901, "text/plain; charset=utf-8", ""),
        ("202", 202, "application/json", "{\"id\":1}"),
    ])
    func bodiesCanBeGiven(fate: String, status: Int, type: String, body: String) async throws {
        try await TestSandbox.with("{version: 1, default: {then: \(fate)}}") { sandbox in
            let answer = try sandbox.send(sandbox.invocation(sandbox.token()))
            #expect(answer.status == status)
            #expect(answer.headers["content-type"] == type)
            #expect(answer.text == body)
        }
    }

    @Test(arguments: [
        ("5", "5"), ("{date: 30s}", "Wed, 18 Nov 2026 11:07:10 GMT"), ("'soon'", "soon"),
    ])
    func retryAfterTakesManyForms(yaml: String, expected: String) async throws {
        try await TestSandbox.with("{version: 1, default: {then: {status: 429, retryAfter: \(yaml)}}}") { sandbox in
            let answer = try sandbox.send(sandbox.invocation(sandbox.token()))
            #expect(answer.headers["retry-after"] == expected)
        }
    }

    @Test func remembersPayloadsIfAsked() async throws {
        try await TestSandbox.with("{version: 1, remember: {payloads: 2}}") { sandbox in
            let token = try sandbox.token()
            for (number, payload) in ["1", "2", "1", "3", "1"].enumerated() {
                _ = try sandbox.send(sandbox.invocation(token, id: requestID(number), payload: payload))
            }
            let payloads = SandboxStatistics.Payloads(distinct: 2, repeated: 1, forgotten: 1)
            #expect(sandbox.server.statistics().payloads == payloads)
            #expect(sandbox.server.executions(ofPayload: Array("1".utf8)) == 3)
            #expect(sandbox.server.executions(ofPayload: Array("3".utf8)) == 0)
        }
    }
}
