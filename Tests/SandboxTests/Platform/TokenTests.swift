import JSONText
import JobModel
import Sandbox
import TestSupport
import Testing

@Suite struct TokenTests {
    @Test func issuesAJWTWithTheClaimsOfSentinel() async throws {
        try await TestSandbox.with("{version: 1, token: {lifetime: 90s}}") { sandbox in
            let parts = try sandbox.token(account: "12345678").split(separator: ".")
            #expect(parts.count == 3)
            let claims = try JSONParser.parse(try #require(decoded(parts[1])))
            #expect(claims["aud"] == "12345678")
            #expect(claims["azp"] == "me")
            #expect(claims["scope"] == "faas.lambda.invoke")
            #expect(claims["iss"] == "Sentinel")
            let issued = try #require(claims["iat"]?.intValue)
            #expect(issued == Int(sandbox.time.wallNow().seconds))
            #expect(claims["exp"]?.intValue == issued + 90)
            let header = try JSONParser.parse(try #require(decoded(parts[0])))
            #expect(header["alg"] == "RS256")
        }
    }

    /// Base 64 with the URL-safe alphabet (RFC 4648, section 5).
    private func decoded(_ text: Substring) -> [UInt8]? {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
        var bits = 0
        var count = 0
        var bytes: [UInt8] = []
        for character in text {
            guard let value = alphabet.firstIndex(of: character) else { return nil }
            bits = (bits << 6 | value) & 0xFFFF
            count += 6
            if count >= 8 {
                count -= 8
                bytes.append(UInt8(truncatingIfNeeded: bits >> count))
            }
        }
        return bytes
    }

    @Test(arguments: [
        ("string", JSONValue.string("3600")), ("number", JSONValue.number(JSONNumber(3600))), ("absent", nil),
    ])
    func saysHowLongATokenLives(form: String, expected: JSONValue?) async throws {
        try await TestSandbox.with("{version: 1, token: {expiresIn: \(form)}}") { sandbox in
            let answer = try sandbox.send(sandbox.tokenRequest()).json
            #expect(answer["expires_in"] == expected)
            #expect(answer["token_type"] == "Bearer")
        }
    }

    @Test func acceptsTheNewerPath() async throws {
        try await TestSandbox.with { sandbox in
            var request = sandbox.tokenRequest()
            request.target = "/sentinel/api/v2/account/sandbox01/app/token"
            let status = try sandbox.send(request).status
            #expect(status == 200)
            #expect(sandbox.rules == [])
        }
    }

    @Test func decodesTheForm() async throws {
        let yaml = #"{version: 1, accounts: {"1": {clientId: "a b&c", clientSecret: "ü+/="}}}"#
        try await TestSandbox.with(yaml) { sandbox in
            let request = sandbox.tokenRequest(account: "1", clientID: "a+b%26c", secret: "%C3%BC%2B%2F%3D")
            let status = try sandbox.send(request).status
            #expect(status == 200)
            #expect(sandbox.rules == [])
        }
    }

    @Test(arguments: [("1", "me", "wrong"), ("1", "other", "s3cret"), ("2", "me", "s3cret")])
    func rejectsWrongCredentials(account: String, clientID: String, secret: String) async throws {
        let yaml = #"{version: 1, accounts: {"1": {clientId: me, clientSecret: s3cret}}}"#
        try await TestSandbox.with(yaml) { sandbox in
            let request = sandbox.tokenRequest(account: account, clientID: clientID, secret: secret)
            let answer = try sandbox.send(request)
            #expect(answer.status == 401)
            #expect(try answer.json["error"] == "invalid_client")
            #expect(sandbox.server.statistics().credentialsRejected == 1)
            #expect(sandbox.server.statistics().tokensIssued == 0)
            #expect(sandbox.rules == [])
        }
    }

    @Test func followsItsSequence() async throws {
        let yaml = "{version: 1, token: {sequence: [500, {status: 503, retryAfter: 7}, ok], then: 400}}"
        try await TestSandbox.with(yaml) { sandbox in
            #expect(try sandbox.send(sandbox.tokenRequest()).status == 500)
            let second = try sandbox.send(sandbox.tokenRequest())
            #expect(second.status == 503)
            #expect(second.headers["retry-after"] == "7")
            #expect(try sandbox.send(sandbox.tokenRequest()).status == 200)
            #expect(try sandbox.send(sandbox.tokenRequest()).status == 400)
            #expect(sandbox.server.statistics().requests[.token] == 4)
        }
    }

    @Test func endsWithItsLifetime() async throws {
        try await TestSandbox.with("{version: 1, token: {lifetime: 5s}}") { sandbox in
            let token = try sandbox.token()
            // The clock goes into the bodies: each request needs an id of its own.
            let id = { (number: Int) in "018f2f0e-5f2b-7c3d-8e4f-00000000000\(number)" }
            sandbox.time.advance(by: .milliseconds(4999))
            #expect(try sandbox.send(sandbox.invocation(token, id: id(1))).status == 200)
            sandbox.time.advance(by: .milliseconds(1))
            #expect(try sandbox.send(sandbox.invocation(token, id: id(2))).status == 401)
            #expect(sandbox.rules == [], "what expires on the way is no deviation")
            sandbox.time.advance(by: .seconds(1))
            #expect(try sandbox.send(sandbox.invocation(token, id: id(3))).status == 401)
            #expect(sandbox.rules == [.expiredToken])
            #expect(sandbox.server.statistics().unauthorized == 2)
            #expect(try sandbox.send(sandbox.invocation(sandbox.token(), id: id(4))).status == 200)
        }
    }

    @Test func doesNotMindSteppedClocks() async throws {
        try await TestSandbox.with("{version: 1, token: {lifetime: 5s}}") { sandbox in
            let token = try sandbox.token()
            sandbox.time.stepWall(by: .seconds(3600))
            #expect(try sandbox.send(sandbox.invocation(token)).status == 200)
        }
    }

    @Test func canBeRevoked() async throws {
        try await TestSandbox.with("{version: 1, token: {revokeAfter: 2}}") { sandbox in
            let token = try sandbox.token()
            let statuses = try (0..<4).map { _ in try sandbox.send(sandbox.invocation(token)).status }
            #expect(statuses == [200, 200, 401, 401])
            let second = try sandbox.token()
            #expect(try sandbox.send(sandbox.invocation(second)).status == 200)
            sandbox.server.revokeTokens()
            #expect(try sandbox.send(sandbox.invocation(second)).status == 401)
            #expect(sandbox.server.statistics().tokensRevoked == 2)
            #expect(sandbox.rules == [])
        }
    }

    @Test(arguments: ["revoked", "expired"])
    func canBeRevokedByAFate(fate: String) async throws {
        try await TestSandbox.with("{version: 1, default: {sequence: [\(fate), ok]}}") { sandbox in
            let token = try sandbox.token()
            #expect(try sandbox.send(sandbox.invocation(token)).status == 401)
            #expect(try sandbox.send(sandbox.invocation(token)).status == 401)
            #expect(try sandbox.send(sandbox.invocation(sandbox.token())).status == 200)
            #expect(sandbox.server.statistics().unauthorized == 2)
        }
    }

    @Test func canBeOpaque() async throws {
        try await TestSandbox.with("{version: 1, token: {opaque: true}}") { sandbox in
            let token = try sandbox.token()
            #expect(!token.contains("."))
            #expect(try sandbox.send(sandbox.invocation(token)).status == 200)
        }
    }

    @Test func isOfOneAccount() async throws {
        try await TestSandbox.with { sandbox in
            let token = try sandbox.token(account: "12345678")
            #expect(try sandbox.send(sandbox.invocation(token)).status == 401)
            #expect(sandbox.rules == [.foreignToken])
        }
    }
}
