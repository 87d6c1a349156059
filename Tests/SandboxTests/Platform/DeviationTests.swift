import JobModel
import Sandbox
import TestSupport
import Testing

/// Each way to depart from the protocol is noticed, and answered as the platform answers it.
@Suite struct DeviationTests {
    /// A change to a request that is right, and what comes of it.
    struct Fault: Sendable, CustomTestStringConvertible {
        var name: String
        var rule: Deviation.Rule
        var status: Int
        var change: @Sendable (inout TestSandbox.Request) -> Void

        init(
            _ name: String, _ rule: Deviation.Rule, _ status: Int,
            _ change: @escaping @Sendable (inout TestSandbox.Request) -> Void
        ) {
            self.name = name
            self.rule = rule
            self.status = status
            self.change = change
        }

        var testDescription: String { name }
    }

    private static func replace(_ old: String, _ new: String) -> @Sendable (inout TestSandbox.Request) -> Void {
        { request in
            request.target = request.target.replacing(old, with: new)
            request.body = Array(String(decoding: request.body, as: UTF8.self).replacing(old, with: new).utf8)
        }
    }

    private static func body(_ text: String) -> @Sendable (inout TestSandbox.Request) -> Void {
        { $0.body = Array(text.utf8) }
    }

    private static func header(_ name: String, _ value: String?) -> @Sendable (inout TestSandbox.Request) -> Void {
        { $0.set(name, value) }
    }

    static let invocationFaults: [Fault] = [
        Fault("method", .method, 405) { $0.method = "PUT" },
        Fault("account id", .path, 400, replace("/sandbox01/", "/sand-box/")),
        Fault("no UUID", .path, 400, replace("6f91f192-", "6f91f192")),
        Fault("odd path", .path, 404, replace("/invoke", "/invoked")),
        Fault("no v", .query, 400, replace("v=1&", "")),
        Fault("wrong v", .query, 400, replace("v=1&", "v=2&")),
        Fault("v twice", .query, 200, replace("v=1&", "v=1&v=1&")),
        Fault("no userId", .userID, 400, replace("&userId=test", "")),
        Fault("empty userId", .userID, 400, replace("userId=test", "userId=")),
        Fault("userId twice", .query, 200, replace("userId=test", "userId=test&userId=x")),
        Fault("unknown parameter", .query, 200, replace("userId=test", "userId=test&user=x")),
        Fault("parameter twice", .query, 200, replace("userId=test", "userId=test&skillId=1&skillId=2")),
        Fault("bad escape", .query, 200, replace("userId=test", "userId=te%zzst")),
        Fault("token in the URL", .secretInURL, 200, replace("userId=test", "userId=test&access_token=abc")),
        Fault("no content type", .contentType, 400, header("Content-Type", nil)),
        Fault("wrong content type", .contentType, 400, header("Content-Type", "text/json")),
        Fault("odd charset", .contentType, 400, header("Content-Type", "application/json; charset=latin1")),
        Fault("no token", .authorization, 401, header("Authorization", nil)),
        Fault("other scheme", .authorization, 401, header("Authorization", "Basic YTpi")),
        Fault("scheme without token", .authorization, 401, header("Authorization", "Bearer ")),
        Fault("two tokens", .authorization, 401, header("Authorization", "Bearer a b")),
        Fault("token never issued", .unknownToken, 401, header("Authorization", "Bearer abc")),
        Fault("no request id", .requestID, 200, header("X-Request-ID", nil)),
        Fault("odd request id", .requestID, 200, header("X-Request-ID", "17")),
        Fault("expect", .expect, 200, header("Expect", "100-continue")),
        Fault("other host", .host, 200, header("Host", "example.com")),
        Fault("header twice", .header, 200) { $0.headers.append(("content-type", "application/json")) },
        Fault("not JSON", .body, 400, body("{")),
        Fault("no body", .body, 400, body("")),
        Fault("text after the body", .body, 400, replace("}}", "}}x")),
        Fault("no object", .body, 400, body("[]")),
        Fault("not UTF-8", .body, 400) { $0.body = Array("{\"payload\":\"".utf8) + [0xFF] + Array("\"}".utf8) },
        Fault("unknown field", .body, 200, replace("\"payload\"", "\"extra\":1,\"payload\"")),
        Fault("field twice", .body, 400, replace("\"payload\"", "\"payload\":1,\"payload\"")),
        Fault("no payload", .body, 400, replace("\"payload\"", "\"payl\"")),
        Fault("null payload", .body, 400, replace("{\"id\":1}", "null")),
        Fault("no headers", .body, 400, replace("\"headers\":[],", "")),
        Fault("headers as an object", .body, 400, replace("[]", "{\"a\":\"b\"}")),
        Fault("header without value", .body, 400, replace("[]", "[{\"key\":\"a\"}]")),
        Fault("header that is no string", .body, 400, replace("[]", "[{\"key\":\"a\",\"value\":1}]")),
        Fault("header with more", .body, 400, replace("[]", "[{\"key\":\"a\",\"value\":\"b\",\"c\":\"d\"}]")),
        Fault("no timestamp", .body, 400, replace("\"timestamp\":1795000000000,", "")),
        Fault("timestamp as text", .body, 400, replace("1795000000000", "\"1795000000000\"")),
        Fault("timestamp with a fraction", .body, 400, replace("1795000000000", "1795000000.5")),
        Fault("timestamp in seconds", .timestamp, 200, replace("1795000000000", "1795000000")),
        Fault("timestamp of long ago", .timestamp, 200, replace("1795000000000", "1794000000000")),
    ]

    @Test(arguments: invocationFaults)
    func isNoticedInInvocations(fault: Fault) async throws {
        try await TestSandbox.with { sandbox in
            var request = sandbox.invocation(try sandbox.token())
            fault.change(&request)
            let answer = try sandbox.send(request)
            #expect(answer.status == fault.status)
            let statistics = sandbox.server.statistics()
            #expect(statistics.deviations.map(\.rule) == [fault.rule])
            #expect(statistics.deviationCount == 1)
            #expect(statistics.deviationsByRule == [fault.rule: 1])
            #expect(statistics.executed == (fault.status == 200 ? 1 : 0))
        }
    }

    static let tokenFaults: [Fault] = [
        Fault("method", .method, 405) { $0.method = "PUT" },
        Fault("no v", .query, 200, replace("?v=2.0", "")),
        Fault("wrong v", .query, 200, replace("?v=2.0", "?v=1.0")),
        Fault("secret in the URL", .secretInURL, 200, replace("?v=2.0", "?v=2.0&client_secret=s3cret")),
        Fault("account id", .path, 400, replace("/sandbox01/", "/sand_box/")),
        Fault("content type", .contentType, 400, header("Content-Type", "application/json")),
        Fault("authorization", .header, 200, header("Authorization", "Basic YTpi")),
        Fault("no grant", .form, 400, replace("grant_type=client_credentials&", "")),
        Fault("other grant", .form, 400, replace("=client_credentials", "=password")),
        Fault("no id", .form, 400, replace("&client_id=me", "")),
        Fault("empty secret", .form, 400, replace("=s3cret", "=")),
        Fault("secret twice", .form, 400, replace("=s3cret", "=s3cret&client_secret=s3cret")),
        Fault("scope", .form, 200, replace("=s3cret", "=s3cret&scope=x")),
        Fault("not encoded", .form, 400, replace("=s3cret", "=s3 cret")),
        Fault("bad escape", .form, 400, replace("=s3cret", "=s3%cret")),
        Fault("broken UTF-8", .form, 400, replace("=s3cret", "=s3%FF")),
    ]

    @Test(arguments: tokenFaults)
    func isNoticedInTokenRequests(fault: Fault) async throws {
        try await TestSandbox.with { sandbox in
            var request = sandbox.tokenRequest()
            fault.change(&request)
            let status = try sandbox.send(request).status
            #expect(status == fault.status)
            #expect(sandbox.rules == [fault.rule])
            #expect(sandbox.server.statistics().tokensIssued == (fault.status == 200 ? 1 : 0))
        }
    }

    static let lookUpFaults: [Fault] = [
        Fault("method", .method, 405) { $0.method = "POST" },
        Fault("no version", .query, 200, replace("?version=1.0", "")),
        Fault("other version", .query, 200, replace("1.0", "2.0")),
        Fault("account id", .path, 400, replace("/sandbox01/", "/a%20b/")),
        Fault("authorization", .header, 200, header("Authorization", "Bearer x")),
        Fault("body", .body, 200, body("x")),
    ]

    @Test(arguments: lookUpFaults)
    func isNoticedInLookUps(fault: Fault) async throws {
        try await TestSandbox.with { sandbox in
            var request = sandbox.get("/api/account/sandbox01/service/faasGW/baseURI.json?version=1.0")
            fault.change(&request)
            let status = try sandbox.send(request).status
            #expect(status == fault.status)
            #expect(sandbox.rules == [fault.rule])
        }
    }

    @Test func nothingIsSaidOfVariantsThatAreRight() async throws {
        try await TestSandbox.with { sandbox in
            var request = sandbox.invocation(try sandbox.token())
            request.set("Content-Type", "Application/JSON; charset=UTF-8")
            request.target += "&skillId=4129&externalSystem=my%20system%26more"
            let pair = #"{ "value" : "\u00e9" , "key" : "" }"#
            let time = sandbox.time.wallNow().milliseconds
            request.body = Array(#" { "payload" : "x" , "headers" : [ \#(pair) ] , "timestamp":\#(time) } "#.utf8)
            #expect(try sandbox.send(request).text == "\"x\"")
            #expect(sandbox.rules == [])
        }
    }

    @Test func aRequestIDMayComeAgainWithTheSameRequestAlone() async throws {
        try await TestSandbox.with { sandbox in
            let token = try sandbox.token()
            #expect(try sandbox.send(sandbox.invocation(token)).status == 200)
            #expect(try sandbox.send(sandbox.invocation(token)).status == 200)
            #expect(sandbox.rules == [])
            #expect(sandbox.server.statistics().distinctRequestIDs == 1)
            #expect(sandbox.server.statistics().duplicateRequestIDs == 1)
            #expect(try sandbox.send(sandbox.invocation(token, payload: "{\"id\":2}")).status == 200)
            #expect(sandbox.rules == [.requestIDReused])
            let other = "c521cadf-d444-4519-ad11-1c1111114415"
            #expect(try sandbox.send(sandbox.invocation(token, function: other)).status == 200)
            #expect(sandbox.rules == [.requestIDReused, .requestIDReused])
        }
    }

    @Test(arguments: ["\u{16}\u{3}\u{1}\r\n\r\n", "GET\r\n\r\n", "POST / HTTP/9.9\r\n\r\n"])
    func isNoticedInWhatIsNoHTTP(text: String) async throws {
        try await TestSandbox.with { sandbox in
            let connection = try RawConnection(port: sandbox.server.port)
            try connection.send(Array(text.utf8))
            #expect(connection.response()?.status == 400)
            #expect(connection.readToEnd() != .bytes)
            #expect(sandbox.rules == [.http])
        }
    }

    @Test func isNoticedInUserinfo() async throws {
        try await TestSandbox.with { sandbox in
            let target = "http://me:s3cret@\(sandbox.host)/api/account/1/service/baseURI.json?version=1.0"
            let answer = try sandbox.send(sandbox.get(target))
            #expect(answer.status == 200)
            #expect(sandbox.rules == [.secretInURL])
        }
    }

    @Test func isNoticedInBodiesThatAreTooLarge() async throws {
        let time = ManualTimeSource()
        let server = try await SandboxServer.start(SandboxConfiguration(maximumBody: 200, time: time))
        let sandbox = TestSandbox(server: server, time: time)
        let token = try sandbox.token()
        let payload = "\"\(String(repeating: "x", count: 100))\""
        #expect(try sandbox.send(sandbox.invocation(token, payload: payload)).status == 200)
        let longer = "\"\(String(repeating: "x", count: 200))\""
        #expect(try sandbox.send(sandbox.invocation(token, id: other, payload: longer)).status == 413)
        #expect(sandbox.rules == [.tooLarge])
        await server.shutdown()
    }

    private let other = "018f2f0e-5f2b-7c3d-8e4f-0123456789ac"

    @Test func noSecretIsRepeated() async throws {
        try await TestSandbox.with { sandbox in
            var request = sandbox.tokenRequest(secret: "s3cret")
            request.target += "&client_secret=s3cret"
            _ = try sandbox.send(request)
            var invocation = sandbox.invocation("t0ken")
            invocation.target += "&access_token=t0ken"
            _ = try sandbox.send(invocation)
            let statistics = String(decoding: sandbox.server.statistics().json, as: UTF8.self)
            #expect(sandbox.server.statistics().deviationCount == 3)
            #expect(!statistics.contains("s3cret"))
            #expect(!statistics.contains("t0ken"))
        }
    }

    @Test func theFirstThousandAreKept() async throws {
        try await TestSandbox.with { sandbox in
            let connection = try RawConnection(port: sandbox.server.port)
            for _ in 0..<1005 {
                try connection.send(sandbox.get("/nowhere").bytes)
                #expect(connection.response()?.status == 404)
            }
            let statistics = sandbox.server.statistics()
            #expect(statistics.deviationCount == 1005)
            #expect(statistics.deviations.count == 1000)
            #expect(statistics.deviations.first?.endpoint == .other)
            #expect(statistics.deviations.first?.time == sandbox.time.wallNow())
        }
    }
}
