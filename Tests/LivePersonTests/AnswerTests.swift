import JobModel
import TestSupport
import Testing

@testable import LivePerson

@Suite struct AnswerTests {
    private let now = Timestamp(seconds: 784_111_777)

    private func read(
        _ status: Int, _ body: String, isEvent: Bool = false, headers: [(name: String, value: String)] = []
    ) -> Answer {
        AnswerReader.read(
            status: status, headers: headers, body: Array(body.utf8), isEvent: isEvent, keepsHeaders: false,
            wallNow: now)
    }

    @Test(arguments: [
        (201, ErrorClass.platform), (204, .platform), (301, .badRequest), (302, .badRequest), (307, .badRequest),
        (400, .badRequest), (401, .unauthorized), (403, .forbidden), (404, .notFound), (405, .badRequest),
        (408, .platform), (413, .badRequest), (429, .rateLimited), (500, .platform), (502, .platform),
        (503, .platform), (504, .platform), (599, .platform), (900, .platform), (901, .function), (902, .platform),
    ])
    func classes(status: Int, expected: ErrorClass) {
        #expect(read(status, "").error?.errorClass == expected)
    }

    @Test(arguments: [(200, ""), (200, "[]"), (200, "not JSON"), (202, "null"), (200, #"{"errorCode":"x"}"#)])
    func success(status: Int, body: String) {
        let answer = read(status, body)
        #expect(answer.error == nil)
        #expect(answer.body == Array(body.utf8))
        #expect(answer.status == status)
    }

    @Test(arguments: [
        ("[]", true), (" [ \n\t] \r", true), (#"[{"uuid":"x"}]"#, false), ("[[]]", false), ("", false), ("[", false),
        ("]", false), ("[],", false), ("{}", false), ("[] []", false),
    ])
    func eventsThatNothingImplements(body: String, isEmpty: Bool) {
        let answer = read(200, body, isEvent: true)
        #expect((answer.error?.errorClass == .notFound) == isEmpty)
        #expect((answer.error == nil) == !isEmpty)
    }

    struct Body: Sendable {
        let body: String
        let code: String?
        let message: String
    }

    private static let bodies: [Body] = [
        Body(
            body: #"{"errorCode":"com.liveperson.faas.handler.runtime-exception","errorMsg":"boom","errorLogs":[]}"#,
            code: "com.liveperson.faas.handler.runtime-exception", message: "boom"),
        Body(
            body: #"{"code":"com.customer.faas.function.threw-error","message":"boom"}"#,
            code: "com.customer.faas.function.threw-error", message: "boom"),
        Body(body: #"{"errorMsg":"two\nlines\u0007\u202e"}"#, code: nil, message: "two\\nlines\\u{7}\\u{202e}"),
        Body(body: #"{"errorCode":"only.code"}"#, code: "only.code", message: "only.code"),
        Body(body: #"{"code":17,"message":{"a":1}}"#, code: "17", message: #"{"a":1}"#),
        Body(body: "", code: nil, message: "status 901 without a body"),
        Body(body: " \r\n", code: nil, message: "status 901 without a body"),
        Body(body: "<html>\n\u{1b}[31m</html>", code: nil, message: "status 901: <html>\\n\\u{1b}[31m</html>"),
        Body(body: #"{"errorCode":"#, code: nil, message: #"status 901: {"errorCode":"#),
        Body(body: #"{"other":true}"#, code: nil, message: #"status 901: {"other":true}"#),
        Body(body: #"["errorMsg"]"#, code: nil, message: #"status 901: ["errorMsg"]"#),
        Body(
            body: #"{"errorMsg":null,"message":false}"#, code: nil,
            message: #"status 901: {"errorMsg":null,"message":false}"#),
    ]

    @Test(arguments: bodies)
    func errorBodies(_ expected: Body) {
        let error = read(901, expected.body).error
        #expect(error?.code == expected.code)
        #expect(error?.message == expected.message)
    }

    @Test func messagesAreShort() {
        let long = String(repeating: "ü", count: 500_000)
        let short = long.prefix(9000)
        for body in [long, #"{"errorMsg":"\#(long)"}"#, #"{"errorMsg":"\#(short)","errorCode":"\#(short)"}"#] {
            let error = read(500, body).error
            #expect((error?.message.unicodeScalars.count ?? 0) <= 1001)
            #expect((error?.code?.unicodeScalars.count ?? 0) <= 201)
            #expect(error?.message.isEmpty == false)
        }
    }

    @Test func redirectsAreNamed() {
        #expect(
            read(302, "").error?.message == "the gateway answered with a redirect (status 302), which is not followed")
    }

    @Test func randomBodiesAreTaken() {
        var random = SeededGenerator(seed: 11)
        let syntax = Array(#"{}[]":,errorMsg\u"#.utf8)
        for _ in 0..<2000 {
            let bytes = (0..<Int.random(in: 0...40, using: &random)).map { _ in
                let byte = UInt8.random(in: 0...255, using: &random)
                return byte < 128 ? byte : syntax[Int(byte) % syntax.count]
            }
            let answer = AnswerReader.read(
                status: 500, headers: [(name: "retry-after", value: String(decoding: bytes, as: UTF8.self))],
                body: bytes, isEvent: true, keepsHeaders: true, wallNow: now)
            #expect(answer.error?.message.isEmpty == false)
            #expect(answer.error?.message.utf8.contains { $0 < 0x20 } == false)
        }
    }

    // MARK: Retry-After

    @Test(arguments: [
        ("0", Duration.zero), ("120", .seconds(120)), (" 5\t", .seconds(5)),
        ("99999999999999999999999", RetryAfter.maximum), ("Sun, 06 Nov 1994 08:49:47 GMT", .seconds(10)),
        ("Sunday, 06-Nov-94 08:50:37 GMT", .seconds(60)), ("Sun Nov  6 08:49:38 1994", .seconds(1)),
        ("Sun, 06 Nov 1994 08:00:00 GMT", .zero), ("Fri, 31 Dec 9999 23:59:59 GMT", RetryAfter.maximum),
    ])
    func retryAfter(text: String, expected: Duration) {
        #expect(read(429, "", headers: [(name: "retry-after", value: text)]).retryAfter == expected)
    }

    @Test(arguments: [
        "-1", "1.5", "soon", "", " ", "Sun, 31 Feb 1994 08:49:37 GMT", "Sun, 06 Nov 1994 25:49:37 GMT",
        "Sun, 06 Nov 1994 08:49:37 CET", "06 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 994 08:49:37 GMT", "Sun, , , ,",
        "١٢",
    ])
    func unreadableRetryAfter(_ text: String) {
        #expect(read(429, "", headers: [(name: "retry-after", value: text)]).retryAfter == nil)
    }

    @Test func retryAfterIsCountedFromTheAnswersOwnDate() {
        let headers = [
            (name: "date", value: "Thu, 01 Jan 2026 00:00:00 GMT"),
            (name: "retry-after", value: "Thu, 01 Jan 2026 00:00:07 GMT"),
        ]
        #expect(read(503, "", headers: headers).retryAfter == .seconds(7))
        #expect(read(503, "").retryAfter == nil)
    }

    @Test(arguments: [("94", 1994), ("44", 2044), ("45", 1945), ("00", 2000)])
    func centuryOfTwoDigits(year: String, full: Int) {
        // Seen from 1994, a year up to 2044 is ahead by 50 at most.
        let date = HTTPDate.read("Sunday, 06-Nov-\(year) 08:49:37 GMT", now: now)
        let expected = year == "44" || year == "00" ? full - 100 : full
        #expect(date.map { CivilDateTime(secondsSinceEpoch: $0.seconds).year } == expected)
    }

    // MARK: Ends

    /// Of a form in which escapes matter.
    private static let token = #"eyJh/bGci+Oi"J9.x=="#
    /// The token's beginning: the longer one is found first.
    private static let clientSecret = "eyJh/b"

    private func end(_ result: HTTPEnd.Result) -> AttemptEnd {
        let reader = AttemptEndReader(
            tokenGeneration: 4, isEvent: false, keepsHeaders: true,
            mask: SecretMask(echoed: Secret(Self.clientSecret), Secret(Self.token)), time: ManualTimeSource())
        return reader.read(
            HTTPEnd(id: 9, result: result, startedAt: Timestamp(seconds: 5), latency: .milliseconds(7)))
    }

    @Test(arguments: [
        (TransportFailure.Kind.timeout, ErrorClass.timeout), (.reset, .network), (.protocolViolation, .network),
        (.aborted, .cancelled), (.tls, .network),
    ])
    func unknownEnds(kind: TransportFailure.Kind, expected: ErrorClass) {
        let end = end(.unknown(TransportFailure(kind, message: "m")))
        guard case .unknown(let error) = end.result else {
            Issue.record("not unknown")
            return
        }
        #expect(error == InvocationError(expected, message: "m"))
        #expect(end.tokenGeneration == 4)
        #expect(end.id == 9)
        #expect(end.startedAt == Timestamp(seconds: 5))
        #expect(end.latency == .milliseconds(7))
    }

    @Test(
        arguments: [200, 202, 400, 401, 500, 901],
        [
            token, #"eyJh/bGci+Oi\"J9.x=="#, #"eyJh\/bGci+Oi\"J9.x=="#, "eyJh%2FbGci%2BOi%22J9.x%3D%3D",
            "eyJh%2fbGci%2bOi%22J9.x%3d%3d",
        ])
    func tokenThatIsEchoedIsBlottedOut(status: Int, form: String) throws {
        let around = [("", ""), ("a", "b"), (form, " "), (#"{"errorCode":"c","errorMsg":"Bearer "#, #" is bad"}"#)]
        for (before, after) in around {
            let headers = [(name: "x", value: "1 \(form) 2"), (name: "y", value: "plain")]
            let body = Array((before + form + after).utf8)
            let answer = try #require(end(.response(status: status, headers: headers, body: body)).answer)
            let clean = before.replacing(form, with: "***") + "***" + after
            #expect(String(decoding: answer.body, as: UTF8.self) == clean)
            #expect(answer.headers.map(\.value) == ["1 *** 2", "plain"])
            #expect(answer.error?.message.contains("eyJh") != true)
            #expect((answer.error == nil) == (status < 400))
        }
    }

    @Test func tokenInUnusualEscapesIsNotInTheMessage() {
        let body = #"{"errorCode":"\u0065yJh/bGci+Oi\"J9.x==","errorMsg":"no \u0065yJh/bGci+Oi\"J9.x== here"}"#
        let error = end(.response(status: 401, headers: [], body: Array(body.utf8))).answer?.error
        #expect(error?.code == "***")
        #expect(error?.message == "no *** here")
    }

    @Test(arguments: ["eyJh/", "/bGci+Oi", "", "*", "yJh/bGci+Oi\"J9.x=yJh/bGci+Oi\"J9.x=", "=="])
    func whatIsNoSecretStays(_ text: String) {
        #expect(end(.response(status: 200, headers: [], body: Array(text.utf8))).answer?.body == Array(text.utf8))
    }

    @Test func clientSecretThatIsEchoedIsBlottedOut() throws {
        let body = #"{"env":{"SECRET":"eyJh\/b"},"url":"/?s=eyJh%2Fb"}"#
        let answer = try #require(
            end(.response(status: 200, headers: [(name: "x", value: "eyJh/b")], body: Array(body.utf8))).answer)
        #expect(String(decoding: answer.body, as: UTF8.self) == #"{"env":{"SECRET":"***"},"url":"/?s=***"}"#)
        #expect(answer.headers.map(\.value) == ["***"])
    }

    @Test func masksFindEveryOccurrence() {
        var random = SeededGenerator(seed: 5)
        for _ in 0..<2000 {
            // Two letters only, so that near misses abound.
            func word(_ length: ClosedRange<Int>) -> String {
                let letters = 0..<Int.random(in: length, using: &random)
                return String(letters.map { _ in Bool.random(using: &random) ? "a" : "b" })
            }
            let (secret, text) = (word(1...6), word(0...40))
            let expected = text.split(separator: secret, omittingEmptySubsequences: false).joined(separator: "***")
            #expect(SecretMask(Secret(secret)).masked(text) == expected)
        }
        #expect(SecretMask(Secret("")).masked("text") == "text")
        #expect(SecretMask(echoed: Secret("abcde"), Secret("abcdef")).masked("abcde abcdef") == "abcde ***")
    }

    @Test func otherEnds() {
        guard case .notSent(let error) = end(.notSent(TransportFailure(.timeout, message: "m"))).result,
            case .cancelled = end(.cancelled).result
        else {
            Issue.record("wrong ends")
            return
        }
        #expect(error.errorClass == .network)
        #expect(end(.cancelled).tokenGeneration == 0)
        let large = end(.tooLarge(status: 200)).answer
        #expect(large?.status == 200)
        #expect(large?.error?.errorClass == .response)
        let headers = [(name: "x", value: "y")]
        #expect(end(.response(status: 200, headers: headers, body: [])).answer?.headers.count == 1)
    }
}
