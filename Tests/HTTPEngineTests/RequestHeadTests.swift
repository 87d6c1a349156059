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
        guard case .unfit = head.set(target: 8, of: "http://h/", [("A", "b"), (name, "v")]) else {
            Issue.record("written")
            return
        }
        guard case .written = head.set(target: 8, of: "http://h/", [("A", "b"), ("X-" + name, "v")]) else {
            Issue.record("not written")
            return
        }
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
        #expect(server.connectionCount == 1)
    }
}
