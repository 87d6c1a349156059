import JobModel
import TestSupport
import Testing

@testable import LivePerson

@Suite struct TokenAnswerTests {
    private let reader = TokenAnswerReader(account: Sample.account())

    private func read(_ result: HTTPEnd.Result) -> TokenAnswer {
        let end = HTTPEnd(id: 3, result: result, startedAt: Timestamp(seconds: 0), latency: .zero)
        return reader.read(end, wallNow: Timestamp(seconds: 0))
    }

    private func read(_ status: Int, _ body: String) -> TokenAnswer {
        read(.response(status: status, headers: [], body: Array(body.utf8)))
    }

    @Test(arguments: [
        (#","expires_in":"3599""#, Duration.seconds(3599)), (#","expires_in":60"#, .seconds(60)),
        (#","expires_in":1.5e2"#, .seconds(150)), ("", nil), (#","expires_in":"soon""#, nil),
        (#","expires_in":0"#, nil), (#","expires_in":-5"#, nil), (#","expires_in":null"#, nil),
        (#","expires_in":1e400"#, .seconds(1_000_000_000)), (#","expires_in":"nan""#, nil),
    ])
    func lifetimeOfAnOpaqueToken(member: String, lifetime: Duration?) {
        let answer = read(200, #"{"access_token":"opaque","token_type":"Bearer"\#(member)}"#)
        #expect(answer == .granted(token: Secret("opaque"), lifetime: lifetime))
    }

    @Test(arguments: [
        ("", Duration.seconds(1800)), (#","expires_in":"60""#, .seconds(60)), (#","expires_in":"x""#, .seconds(1800)),
    ])
    func lifetimeOfAJWT(member: String, lifetime: Duration) {
        let token = Sample.jwt(#"{"iat":1000,"exp":2800}"#)
        let answer = read(200, #"{"access_token":"\#(token)"\#(member)}"#)
        #expect(answer == .granted(token: Secret(token), lifetime: lifetime))
    }

    @Test(arguments: [
        "", "<html>", "{}", "[]", #"{"access_token":""}"#, #"{"access_token":7}"#, #"{"access_token":"a b"}"#,
        #"{"access_token":"a\r\nX: y"}"#, #"{"access_token":"ü"}"#, #"{"access_token":"t","token_type":"mac"}"#,
    ])
    func unusableAnswers(_ body: String) {
        guard case .failed(let reason, _, isSilent: false) = read(200, body) else {
            Issue.record("not failed")
            return
        }
        #expect(!reason.isEmpty)
    }

    @Test(arguments: [
        (400, #"{"error":"invalid_client","error_description":"Unknown\nclient"}"#, "invalid_client: Unknown\\nclient"),
        (401, "<html>Unauthorized</html>", "status 401)"), (403, "", "status 403)"),
    ])
    func rejectedCredentials(status: Int, body: String, part: String) {
        guard case .refused(let reason) = read(status, body) else {
            Issue.record("not refused")
            return
        }
        #expect(reason.contains(part))
        #expect(reason.contains("client-1"))
    }

    @Test(arguments: [404, 408, 429, 500, 503, 302, 204])
    func failures(status: Int) {
        let answer = read(.response(status: status, headers: [(name: "retry-after", value: "3")], body: []))
        #expect(
            answer
                == .failed(
                    "the authorization server answered with status \(status)", retryAfter: .seconds(3),
                    isSilent: false))
    }

    @Test func silence() {
        guard case .failed(_, nil, isSilent: true) = read(.notSent(TransportFailure(.connect, message: "m"))),
            case .failed(_, nil, isSilent: true) = read(.unknown(TransportFailure(.timeout, message: "m"))),
            case .failed = read(.tooLarge(status: 200)), case .failed = read(.cancelled)
        else {
            Issue.record("not failed")
            return
        }
    }

    @Test func theSecretIsNeverQuoted() {
        let echo = #"{"error":"invalid_client","error_description":"bad secret '\#(Sample.secret)'"}"#
        guard case .refused(let reason) = read(401, echo), case .failed(let failure, _, _) = read(500, echo) else {
            Issue.record("wrong answers")
            return
        }
        #expect(!reason.contains(Sample.secret))
        #expect(!failure.contains(Sample.secret))
        #expect(reason.contains("***"))
        #expect(!"\(read(200, Sample.token("tok-value")))".contains("tok-value"))
    }

    @Test(arguments: [
        #"p"w\/ ü"#, "p%22w%5C%2F%20%C3%BC", "p%22w%5c%2f%20%c3%bc", "p%22w%5C%2F+%C3%BC", #"p\"w\\/ ü"#,
        #"p\"w\\\/ ü"#, #"p\"w\\/ \u00fc"#, #"p\"w\\\/ \u00FC"#,
    ])
    func noFormOfTheSecretIsQuoted(_ form: String) {
        var account = Sample.account()
        account.clientSecret = Secret(#"p"w\/ ü"#)
        let reader = TokenAnswerReader(account: account)
        let escaped = form.replacing(#"\"#, with: #"\\"#).replacing("\"", with: #"\""#)
        let body = Array(#"{"error":"\#(escaped)","error_description":"client_secret=\#(escaped)&x"}"#.utf8)
        for (status, headers) in [(401, []), (503, [(name: "x", value: "y")])] {
            let end = HTTPEnd(
                id: 3, result: .response(status: status, headers: headers, body: body),
                startedAt: Timestamp(seconds: 0), latency: .zero)
            let text = "\(reader.read(end, wallNow: Timestamp(seconds: 0)))"
            #expect(text.contains("***: client_secret=***&x"), "\(text)")
        }
        let failure = TransportFailure(.connect, message: "connect to \(form) failed")
        let end = HTTPEnd(id: 3, result: .notSent(failure), startedAt: Timestamp(seconds: 0), latency: .zero)
        #expect("\(reader.read(end, wallNow: Timestamp(seconds: 0)))".contains("connect to *** failed"))
    }

    // MARK: Claims

    @Test func claims() throws {
        let token = Sample.jwt(
            #"{"iss":"Sentinel","aud":"12345678","azp":"client-1","scope":"faas.lambda.invoke x","#
                + #""iat":1.5,"exp":"61.5"}"#)
        let claims = try #require(TokenClaims(token: token))
        #expect(claims.issuer == "Sentinel")
        #expect(claims.audience == ["12345678"])
        #expect(claims.authorizedParty == "client-1")
        #expect(claims.scopes == ["faas.lambda.invoke", "x"])
        #expect(claims.issuedAt == Timestamp(microseconds: 1_500_000))
        #expect(claims.lifetime == .seconds(60))
    }

    @Test(arguments: [
        "{}", #"{"iat":10,"exp":10}"#, #"{"iat":10,"exp":5}"#, #"{"exp":5}"#, #"{"iat":5}"#, #"{"iat":-1,"exp":5}"#,
        #"{"iat":1e300,"exp":2e300}"#, #"{"iat":"a","exp":[]}"#,
    ])
    func claimsWithoutALifetime(_ payload: String) throws {
        let claims = try #require(TokenClaims(token: Sample.jwt(payload)))
        #expect(claims.lifetime == nil)
    }

    @Test(arguments: ["", "opaque", "a.b", "a.b.c", "a.!!.c", "..", "a.W10.c", "a.e30.c.d"])
    func opaqueTokens(_ token: String) {
        #expect(TokenClaims(token: token) == nil)
    }

    @Test func severalAudiences() {
        #expect(TokenClaims(token: Sample.jwt(#"{"aud":["a",1,"b"]}"#))?.audience == ["a", "b"])
    }

    @Test(arguments: [
        ("", ""), ("Zg", "f"), ("Zg==", "f"), ("Zm8", "fo"), ("Zm9v", "foo"), ("Zm9vYmFy", "foobar"),
        ("_-_-", "\u{ff}\u{ef}\u{fe}"), ("/+/+", "\u{ff}\u{ef}\u{fe}"),
    ])
    func base64URL(text: String, decoded: String) {
        // Latin-1, so that any byte can be written down.
        #expect(Base64URL.decode(text) == decoded.unicodeScalars.map { UInt8($0.value) })
    }

    @Test(arguments: ["Z", "Zg=a", "Z g", "Zm9vY", "ü", "Zg\n"])
    func noBase64URL(_ text: String) {
        #expect(Base64URL.decode(text) == nil)
    }
}
