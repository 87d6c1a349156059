import JobModel
import Testing

@testable import LivePerson

@Suite struct RequestTests {
    private static let v1 = Endpoint(baseURL: "https://va.faasgw.liveperson.net/")
    private static let v2 = Endpoint(baseURL: "https://va.fninvocations.liveperson.net")

    @Test(arguments: [
        ("abc-XYZ_0.9~", "abc-XYZ_0.9~"), ("a b+c&d=e/f?g#h%", "a%20b%2Bc%26d%3De%2Ff%3Fg%23h%25"),
        ("ü€😀", "%C3%BC%E2%82%AC%F0%9F%98%80"), ("\r\n\0", "%0D%0A%00"), ("", ""),
    ])
    func everythingButUnreservedIsEncoded(text: String, encoded: String) {
        #expect(PercentEncoding.encode(text) == encoded)
    }

    @Test func tokenRequestKeepsTheSecretOutOfTheURL() {
        let requests = ControlRequests(
            account: Sample.account(), timeout: .seconds(15), connectTimeout: .seconds(10))
        let request = requests.token(from: Endpoint(baseURL: "https://va.sentinel.liveperson.net"), id: 3)
        #expect(
            request.url == "https://va.sentinel.liveperson.net/sentinel/api/account/12345678/app/token?v=2.0")
        #expect(request.method == .post)
        #expect(request.headers.map(\.name) == ["Content-Type"])
        #expect(request.headers.map(\.value) == ["application/x-www-form-urlencoded"])
        #expect(
            String(decoding: request.body, as: UTF8.self)
                == "grant_type=client_credentials&client_id=client-1&client_secret=s3cr3t%26%2F%C3%BC%3Dtop")
    }

    @Test(arguments: [
        (Service.gateway, "https://api.liveperson.net/api/account/12345678/service/faasGW/baseURI.json?version=1.0"),
        (.sentinel, "https://api.liveperson.net/api/account/12345678/service/sentinel/baseURI.json?version=1.0"),
    ])
    func lookup(service: Service, url: String) {
        let requests = ControlRequests(
            account: Sample.account(), timeout: .seconds(15), connectTimeout: .seconds(10))
        let request = requests.lookup(service, id: 1)
        #expect(request.url == url)
        #expect(request.method == .get)
        #expect(request.body.isEmpty)
    }

    struct Case: Sendable {
        let target: LambdaTarget
        let gateway: Endpoint
        var platform = Platform.auto
        var userID = "fnrun"
        let url: String
        var source: String?
    }

    private static let event = LambdaTarget.Address.event("controllerbot_messaging_conversation_end")
    private static let cases: [Case] = [
        Case(
            target: LambdaTarget(address: .uuid(Sample.uuid)), gateway: v1,
            url: "https://va.faasgw.liveperson.net/api/account/12345678/lambdas/\(Sample.uuid)/invoke"
                + "?v=1&userId=fnrun"),
        Case(
            target: LambdaTarget(address: .uuid(Sample.uuid), skillID: "4 129", externalSystem: "C&A"), gateway: v1,
            userID: "a b@c/ü",
            url: "https://va.faasgw.liveperson.net/api/account/12345678/lambdas/\(Sample.uuid)/invoke?v=1"
                + "&userId=a%20b%40c%2F%C3%BC&skillId=4%20129&externalSystem=C%26A"),
        Case(
            target: LambdaTarget(address: .uuid(Sample.uuid), skillID: "7", externalSystem: "crm one"), gateway: v2,
            url: "https://va.fninvocations.liveperson.net/api/account/12345678/lambdas/\(Sample.uuid)/invoke"
                + "?userId=fnrun&skillId=7",
            source: "crm one"),
        Case(
            target: LambdaTarget(address: .uuid(Sample.uuid), externalSystem: "a\r\nX: y"), gateway: v2,
            url: "https://va.fninvocations.liveperson.net/api/account/12345678/lambdas/\(Sample.uuid)/invoke"
                + "?userId=fnrun",
            source: "a%0D%0AX%3A%20y"),
        Case(
            target: LambdaTarget(address: event, skillID: "4129"), gateway: v1,
            url: "https://va.faasgw.liveperson.net/api/account/12345678/events/"
                + "controllerbot_messaging_conversation_end/invoke?v=1&userId=fnrun&skillId=4129"),
        Case(
            target: LambdaTarget(address: .event("../x?y")), gateway: v2, platform: .v1,
            url: "https://va.fninvocations.liveperson.net/api/account/12345678/events/..%2Fx%3Fy/invoke"
                + "?v=1&userId=fnrun"),
        Case(
            target: LambdaTarget(address: .uuid(Sample.uuid)), gateway: v1, platform: .v2,
            url: "https://va.faasgw.liveperson.net/api/account/12345678/lambdas/\(Sample.uuid)/invoke?userId=fnrun"),
    ]

    @Test(arguments: cases)
    func invocation(_ expected: Case) {
        var requests = InvocationRequests(
            accountID: "12345678", gateway: expected.gateway,
            platform: expected.gateway.platform(setting: expected.platform))
        let attempt = Sample.attempt(5, target: expected.target, userID: expected.userID, wantsHeaders: true)
        for _ in 0..<2 {
            let request = requests.request(for: attempt, authorization: "Bearer t")
            #expect(request.url == expected.url)
            #expect(request.id == 5)
            #expect(request.method == .post)
            #expect(request.body == attempt.request.body)
            #expect(request.timeout == .seconds(35))
            #expect(request.connectTimeout == .seconds(10))
            #expect(request.wantsHeaders)
            let headers = Dictionary(request.headers.map { ($0.name, $0.value) }) { first, _ in first }
            #expect(headers["Authorization"] == "Bearer t")
            #expect(headers["Content-Type"] == "application/json")
            #expect(headers["X-Request-ID"] == attempt.request.requestID)
            #expect(headers["LP-EventSource"] == expected.source)
            #expect(request.headers.count == (expected.source == nil ? 3 : 4))
        }
    }

    @Test func routesAreKeptApart() {
        var requests = InvocationRequests(accountID: "1", gateway: Self.v1, platform: .v1)
        let other = LambdaTarget(address: .uuid("c521cadf-d444-4519-ad11-1c1111114415"))
        var urls: Set<String> = []
        for target in [LambdaTarget(address: .uuid(Sample.uuid)), other, LambdaTarget(address: .uuid(Sample.uuid))] {
            for user in ["a", "b", "a"] {
                let attempt = Sample.attempt(1, target: target, userID: user)
                urls.insert(requests.request(for: attempt, authorization: "").url)
            }
        }
        #expect(urls.count == 4)
    }
}
