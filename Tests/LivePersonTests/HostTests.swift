import JobModel
import Testing

@testable import LivePerson

@Suite struct HostTests {
    @Test(arguments: [
        "va.faasgw.liveperson.net", "127.0.0.1:8123", "localhost", "a", "A-1.b:65535", "[::1]:80", "[2001:db8::1]",
    ])
    func hosts(_ text: String) {
        #expect(HostName(text)?.authority == text.lowercased())
    }

    @Test(arguments: [
        "", " ", "https://va.faasgw.liveperson.net", "host/path", "user@host", "host:", "host:0", "host:65536",
        "host:80x", "-a.b", "a-.b", "a..b", ".a", "a.", "hö.de", "a b", "a\r\nX: y", "host?x", "host#x", "[::1", "[]",
        "[::1]80", "a_b:80", "[zz::1]", String(repeating: "a", count: 64), String(repeating: "a.", count: 130) + "a",
        "host:+80", "host:٣",
    ])
    func noHosts(_ text: String) {
        #expect(HostName(text) == nil)
    }

    @Test(arguments: [
        ("127.0.0.1", true), ("127.9.9.9:1", true), ("localhost:80", true), ("[::1]:80", true), ("LocalHost", true),
        ("128.0.0.1", false), ("127.0.0.1.example.com", false), ("127.example", false), ("localhost.example", false),
        ("127.0.0.256", false), ("10.0.0.1", false), ("[::2]", false),
    ])
    func loopback(host: String, isLoopback: Bool) {
        #expect(HostName(host)?.isLoopback == isLoopback)
    }

    @Test(arguments: [
        ("http://127.0.0.1:8123", "127.0.0.1:9000", "http://127.0.0.1:9000"),
        ("http://localhost:8123", "localhost:9000", "http://localhost:9000"),
        ("http://127.0.0.1:8123", "va.faasgw.liveperson.net", "https://va.faasgw.liveperson.net"),
        ("http://mock.example:80", "127.0.0.1:9000", "https://127.0.0.1:9000"),
        ("https://127.0.0.1", "127.0.0.1:9000", "https://127.0.0.1:9000"),
        ("https://api.liveperson.net", "va.faasgw.liveperson.net", "https://va.faasgw.liveperson.net"),
        ("http://user@127.0.0.1", "127.0.0.1:1", "https://127.0.0.1:1"),
    ])
    func scheme(domainAPI: String, host: String, base: String) throws {
        let name = try #require(HostName(host))
        #expect(Endpoint(lookedUp: name, domainAPI: domainAPI).base == base)
    }

    @Test(arguments: [
        ("https://va.faasgw.liveperson.net", Platform.auto, Platform.v1),
        ("https://va.fninvocations.liveperson.net", .auto, .v2),
        ("https://VA.Functions.liveperson.net:8443/", .auto, .v2),
        ("https://va.faasgw.liveperson.net/functions", .auto, .v1),
        ("https://va.faasgw.liveperson.net", .v2, .v2),
        ("https://va.functions.liveperson.net", .v1, .v1),
        ("garbage", .auto, .v1),
    ])
    func platform(base: String, setting: Platform, platform: Platform) {
        #expect(Endpoint(baseURL: base).platform(setting: setting) == platform)
    }

    private func read(_ result: HTTPEnd.Result, domainAPI: String = Endpoints.defaultDomainAPI) -> HostAnswer {
        let end = HTTPEnd(id: 1, result: result, startedAt: Timestamp(seconds: 0), latency: .zero)
        return HostAnswerReader(accountID: "12345678", domainAPI: domainAPI)
            .read(end, of: .gateway, wallNow: Timestamp(seconds: 0))
    }

    private func read(_ status: Int, _ body: String) -> HostAnswer {
        read(.response(status: status, headers: [], body: Array(body.utf8)))
    }

    @Test(arguments: [
        Sample.baseURI("faasGW", "va.faasgw.liveperson.net"),
        #"{"baseURI":"va.faasgw.liveperson.net"}"#,
        #"{"baseURIs":[{"service":"sentinel"},{"service":"faasGW","baseURI":"va.faasgw.liveperson.net"}]}"#,
        #" [{"service":"faasGW","baseURI":"VA.faasgw.liveperson.net"}] "#,
    ])
    func found(_ body: String) {
        #expect(read(200, body) == .found(Endpoint(baseURL: "https://va.faasgw.liveperson.net")))
    }

    @Test(arguments: [
        (400, ""), (401, "<html>"), (200, "[]"), (200, #"{"baseURIs":[]}"#),
        (200, #"{"baseURIs":[{"service":"FAASGW","baseURI":"h"}]}"#), (200, Sample.baseURI("sentinel", "h")),
    ])
    func refused(status: Int, body: String) {
        guard case .refused(let reason) = read(status, body) else {
            Issue.record("not refused")
            return
        }
        #expect(reason.contains("12345678"))
    }

    @Test(arguments: [
        (500, ""), (404, ""), (301, ""), (204, ""), (200, ""), (200, "<html>"), (200, "{}"), (200, "null"),
        (200, #"{"baseURI":7}"#), (200, #"{"service":"faasGW","baseURI":"https://evil/"}"#),
        (200, #"{"baseURI":"a b"}"#), (200, #"{"baseURI":"h"#), (200, #"{"baseURI":"evil@h"}"#),
    ])
    func failed(status: Int, body: String) {
        guard case .failed = read(status, body) else {
            Issue.record("not failed")
            return
        }
    }

    @Test func failuresOfTransport() {
        let failure = TransportFailure(.dns, message: "could not resolve api.liveperson.net")
        #expect(
            read(.notSent(failure))
                == .failed("the Domain API is out of reach: could not resolve api.liveperson.net", retryAfter: nil))
        for result in [HTTPEnd.Result.unknown(failure), .tooLarge(status: 200), .cancelled] {
            guard case .failed = read(result) else {
                Issue.record("not failed")
                return
            }
        }
    }

    @Test func retryAfterIsTakenAlong() {
        let answer = read(.response(status: 503, headers: [(name: "retry-after", value: "17")], body: []))
        #expect(answer == .failed("the Domain API answered with status 503", retryAfter: .seconds(17)))
    }
}
