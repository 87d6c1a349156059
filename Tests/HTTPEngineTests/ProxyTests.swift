import Glibc
import HTTPEngine
import JobModel
import TestSupport
import Testing

/// Each in a process of its own, since the proxy comes from the process's environment.
@Suite(.timeLimit(.minutes(1))) struct ProxyTests {
    @Test func requestsGoByTheProxyOfTheEnvironment() async {
        await #expect(processExitsWith: .success) {
            let proxy = try LoopbackServer { $0.answerAll(body: "by proxy") }
            setenv("http_proxy", proxy.url(), 1)
            setenv("no_proxy", "127.0.0.1", 1)
            let engine = try HTTPEngine.make()
            #expect(await engine.summary(of: .post("http://name.invalid/path")) == "200 by proxy")
            #expect(proxy.requests.map(\.line) == ["POST http://name.invalid/path HTTP/1.1"])
            let direct = try LoopbackServer { $0.answerAll(body: "direct") }
            #expect(await engine.summary(of: .post(direct.url())) == "200 direct")
            engine.shutdown()
        }
    }

    @Test func aProxyThatRefusesATunnelIsNotSent() async {
        await #expect(processExitsWith: .success) {
            let proxy = try LoopbackServer { $0.answerAll(403) }
            setenv("https_proxy", proxy.url(), 1)
            let engine = try HTTPEngine.make()
            let end = await engine.end(of: .post("https://name.invalid/?secret", headers: [("Authorization", "x")]))
            #expect(end.result.summary == "notSent proxy")
            #expect(end.result.message == "the proxy refused to connect to name.invalid:443: status 403")
            #expect(proxy.requests.map(\.line) == ["CONNECT name.invalid:443 HTTP/1.1"])
            #expect(proxy.requests.map { $0.header("authorization") } == [nil])
            engine.shutdown()
        }
    }

    @Test func aProxyThatClosesTheTunnelIsNotSent() async {
        await #expect(processExitsWith: .success) {
            let proxy = try LoopbackServer { connection in
                _ = connection.readRequest()
            }
            setenv("ALL_PROXY", proxy.url(), 1)
            let engine = try HTTPEngine.make()
            #expect(await engine.summary(of: .post("https://name.invalid/")).hasPrefix("notSent"))
            engine.shutdown()
        }
    }

    @Test func aProxyThatIsNotThereIsNotSent() async {
        await #expect(processExitsWith: .success) {
            let port = try LoopbackServer { _ in }.port
            setenv("http_proxy", "http://127.0.0.1:\(port)", 1)
            let engine = try HTTPEngine.make()
            let end = await engine.end(of: .post("http://name.invalid/?secret"))
            #expect(end.result.summary == "notSent proxy")
            #expect(end.result.message == "connect to the proxy 127.0.0.1:\(port) failed: Connection refused")
            setenv("http_proxy", "http://proxy.invalid:3128", 1)
            #expect(await engine.summary(of: .post("http://name.invalid/")) == "notSent proxy")
            engine.shutdown()
        }
    }
}
