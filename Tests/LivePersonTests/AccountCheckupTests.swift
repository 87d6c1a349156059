import JobModel
import Testing

@testable import LivePerson

@Suite struct AccountCheckupTests {
    private let checkup = AccountCheckup(account: Sample.account(), timeout: .seconds(5))
    private static let uuid = "6f91f192-c1df-40e0-94f9-8765fd70fd02"
    private static let token = Secret("tok-en-12345")

    @Test(
        arguments: [
            (
                LambdaTarget(address: .event("end of it"), skillID: "7", externalSystem: "crm"),
                "https://va.faasgw.liveperson.net",
                "/events/end%20of%20it/isImplemented?v=1&userId=fnrun&skillId=7&externalSystem=crm", nil
            ),
            (
                LambdaTarget(address: .event("invoke?"), externalSystem: "crm"),
                "https://va.fninvocations.liveperson.net",
                "/events/invoke%3F/isImplemented?userId=fnrun", "crm"
            ),
            (
                LambdaTarget(address: .uuid(uuid)), "https://va.faasgw.liveperson.net",
                "/lambdas/\(uuid)/invoke?v=1&userId=fnrun", nil
            ),
        ] as [(LambdaTarget, String, String, String?)])
    func questionsRunNothing(target: LambdaTarget, gateway: String, path: String, source: String?) {
        let request = checkup.question(about: target, gateway: Endpoint(baseURL: gateway), token: Self.token)
        #expect(request.method == .get && request.body.isEmpty)
        #expect(request.url == "\(gateway)/api/account/\(Sample.account().id)\(path)")
        #expect(request.headers.first { $0.name == "Authorization" }?.value == "Bearer \(Self.token.reveal())")
        #expect(request.headers.first { $0.name == "LP-EventSource" }?.value == source)
    }

    private func read(_ status: Int, _ body: String, isEvent: Bool) -> AccountCheckup.FunctionFinding {
        let target = LambdaTarget(address: isEvent ? .event("e") : .uuid(Self.uuid))
        let end = HTTPEnd(
            id: 1, result: .response(status: status, headers: [], body: Array(body.utf8)),
            startedAt: Timestamp(seconds: 0), latency: .zero)
        return checkup.readQuestion(end, about: target, token: Self.token)
    }

    @Test func answers() {
        #expect(read(200, #"{"implemented":true}"#, isEvent: true) == .implemented)
        #expect(
            read(200, #"{"implemented":false}"#, isEvent: true) == .missing("no function implements this event"))
        #expect(read(200, "[]", isEvent: true) == .untold("status 200"))
        #expect(read(200, #"{"implemented":true}"#, isEvent: false) == .untold("status 200"))
        #expect(read(405, "", isEvent: false) == .taken(status: 405))
        #expect(read(401, #"{"message":"no"}"#, isEvent: false) == .unauthorized("status 401: no"))
        #expect(read(403, #"{"message":"no"}"#, isEvent: true) == .forbidden("status 403: no"))
        #expect(read(404, #"{"errorMsg":"gone"}"#, isEvent: false) == .missing("status 404: gone"))
    }

    @Test func secretsThatComeBackAreBlottedOut() {
        let secret = Sample.account().clientSecret.reveal()
        let body = #"{"message":"\#(Self.token.reveal()) and \#(secret)"}"#
        #expect(read(403, body, isEvent: false) == .forbidden("status 403: *** and ***"))
    }

    @Test func theTimeOfAnAnswer() {
        func end(_ headers: [(name: String, value: String)]) -> HTTPEnd {
            HTTPEnd(
                id: 1, result: .response(status: 200, headers: headers, body: []), startedAt: Timestamp(seconds: 0),
                latency: .zero)
        }
        let now = Timestamp(seconds: 0)
        #expect(end([("date", "Sun, 06 Nov 1994 08:49:37 GMT")]).date(now: now) == Timestamp(seconds: 784_111_777))
        #expect(end([("date", "today")]).date(now: now) == nil)
        #expect(end([]).date(now: now) == nil)
    }
}
