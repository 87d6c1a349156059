import CCurl
import JobModel
import TestSupport
import Testing

@testable import HTTPEngine

@Suite struct RequestHeadTests {
    @Test(arguments: [
        ("http://h/", "/"), ("http://h:80/a/../b?c=%20&d", "/a/../b?c=%20&d"), ("https://[::1]:8443/x//y", "/x//y"),
        ("http://h/a@b", "/a@b"),
        // libcurl's business.
        ("http://h", nil), ("http://h?x", nil), ("http://h?x/y", nil), ("http://u:p@h/x", nil), ("http://h/x#y", nil),
        ("http://h/a b", nil), ("http://h/é", nil), ("http://h/x\r\nY: z", nil), ("http://h/\u{0}", nil),
        ("http://h\\x/y", nil), ("http:/h", nil), ("", nil),
    ])
    func targetsAreSentAsTheyAreIfTheyCanBe(url: String, target: String?) {
        let start = RequestHead.targetStart(in: url)
        #expect(start.map { String(decoding: Array(url.utf8)[$0...], as: UTF8.self) } == target)
    }

    @Test(arguments: ["Host", "user-agent", "COOKIE", "Transfer-Encoding", "Connection", "Content-Length", "Expect"])
    func leavesToLibcurlWhatItHasToKnow(name: String) {
        var head = RequestHead(userAgent: "x")
        func set(_ name: String) -> RequestHead.Verdict {
            head.set(target: 8, of: "http://h/", host: "h", [("A", "b"), (name, "v")], length: 1)
        }
        guard case .unfit = set(name) else {
            Issue.record("written")
            return
        }
        guard case .written = set("X-" + name) else {
            Issue.record("not written")
            return
        }
    }

    @Test(arguments: [
        ("http://h/x", "h"), ("http://h:80/", "h"), ("https://h:443/", "h"), ("http://h:443/", "h:443"),
        ("https://A-b.C:8443/", "A-b.C:8443"), ("http://h:/", "h"), ("http://h:0080/", "h"),
        ("http://[::1]:81/", "[::1]:81"), ("http://127.1/", "127.0.0.1"), ("http://%41b/", "Ab"),
        // libcurl's business.
        ("http://h./", nil), ("http://é/", nil),
    ])
    func theHostIsTheOneThatLibcurlWouldName(url: String, host: String?) throws {
        let address = try #require(curl_url())
        defer { curl_url_cleanup(address) }
        #expect(curl_url_set(address, CURLUPART_URL, url, UInt32(CURLU_PATH_AS_IS)) == CURLUE_OK)
        #expect(RequestHead.host(of: address) == host)
    }

    /// On one handle; the cookie makes libcurl write the host and the length itself.
    @Test func hostAndLengthAreThoseOfTheRequest() async throws {
        let server = try LoopbackServer { $0.answerAll() }
        let engine = try HTTPEngine.make()
        let hosts = ["127.0.0.1", "localhost", "127.0.0.1", "127.1"]
        let seenHosts = ["127.1": "127.0.0.1"]
        let bodies = ["", "a", "123456789", "1234567890", String(repeating: "b", count: 70_000), "c"]
        var expected: [String] = []
        for cookie in [[], [(name: "Cookie", value: "c=d")], []] {
            for host in hosts {
                for body in bodies {
                    let url = "http://\(host):\(server.port)/"
                    let headers = [(name: "N", value: "v")] + cookie
                    #expect(await engine.summary(of: .post(url, headers: headers, body: body)) == "200 ")
                    expected.append("\(seenHosts[host] ?? host):\(server.port) \(body.utf8.count) \(body)")
                }
                #expect(await engine.summary(of: .get("http://\(host):\(server.port)/")) == "200 ")
                expected.append("\(seenHosts[host] ?? host):\(server.port) - ")
            }
        }
        engine.shutdown()
        let seen = server.requests.map { request in
            let length = request.header("content-length") ?? "-"
            return "\(request.header("host") ?? "-") \(length) \(String(decoding: request.body, as: UTF8.self))"
        }
        #expect(seen == expected)
    }

    /// On one handle and one connection: what one request had must not show in the next, in whatever form it goes out.
    @Test func requestsOfAllFormsFollowEachOther() async throws {
        let server = try LoopbackServer { $0.answerAll() }
        let engine = try HTTPEngine.make()
        let requests: [(target: String, headers: [(name: String, value: String)])] = [
            ("/a?userId=1", [("Authorization", "Bearer one"), ("X-Request-ID", "1")]),
            ("/a?userId=2", [("Authorization", "Bearer two"), ("X-Request-ID", "2")]),
            ("/longer?userId=3", [("Authorization", "Bearer two"), ("X-Request-ID", "3")]),
            ("/b", [("Cookie", "c=d"), ("X-Request-ID", "4")]),
            ("/b", [("User-Agent", "other")]),
            ("/a?userId=1", [("Authorization", "Bearer one"), ("X-Request-ID", "1")]),
            ("/", []),
        ]
        for request in requests {
            #expect(await engine.summary(of: .post(server.url(request.target), headers: request.headers)) == "200 ")
        }
        engine.shutdown()
        let seen = server.requests
        #expect(seen.map(\.line) == requests.map { "POST \($0.target) HTTP/1.1" })
        for (request, sent) in zip(seen, requests) {
            for name in ["Authorization", "X-Request-ID", "Cookie"] {
                #expect(request.header(name) == sent.headers.first { $0.name == name }?.value)
            }
            let names = request.head.split(separator: "\r\n").dropFirst().map { $0.prefix { $0 != ":" }.lowercased() }
            #expect(Set(names).count == names.count, "\(names)")
            #expect(request.header("host") == "127.0.0.1:\(server.port)")
            #expect(request.header("content-length") == "2")
            #expect(request.header("accept-encoding") == "gzip")
            #expect(request.header("accept") == "*/*")
        }
        #expect(seen[4].header("user-agent") == "other")
        #expect(seen[3].header("user-agent") == "fnrun/test")
    }
}
