import HTTPEngine
import JobModel
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(1))) struct AnswerTests {
    @Test(arguments: [
        ("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", "200 ok"),
        ("HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n", "202 "),
        ("HTTP/1.1 204 No Content\r\n\r\n", "204 "),
        ("HTTP/1.1 901 \r\nContent-Length: 4\r\n\r\n{\"\"}", "901 {\"\"}"),
        ("HTTP/1.1 999\r\nContent-Length: 1\r\n\r\nx", "999 x"),
        ("HTTP/1.1 500 Oh\r\nContent-Length: 3\r\n\r\n\0\u{7F}é", "500 \0\u{7F}\u{FFFD}"),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n", "200 abcde"),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "200 "),
        ("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nto the end", "200 to the end"),
        ("HTTP/1.0 200 OK\r\n\r\nold", "200 old"),
        ("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", "200 ok"),
        ("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 4\r\n\r\nmove", "302 move"),
    ])
    func deliversWholeAnswersWhateverTheStatus(wire: String, expected: String) async throws {
        let server = try LoopbackServer { connection in
            _ = connection.readRequest()
            connection.send(wire)
        }
        let engine = try HTTPEngine.make()
        #expect(await engine.summary(of: .post(server.url())) == expected)
        engine.shutdown()
    }

    @Test func sendsWhatItIsGivenAndLittleElse() async throws {
        let server = try LoopbackServer { $0.answerAll() }
        let engine = try HTTPEngine.make()
        let body = "{\"payload\":\"\u{0}é\"}"
        let headers = [("Authorization", "Bearer x"), ("Content-Type", "application/json"), ("X-Empty", "")]
        let summary = await engine.summary(
            of: .post(server.url("/a/../b?userId=%20x"), headers: headers.map { (name: $0, value: $1) }, body: body))
        #expect(summary == "200 ")
        let request = try #require(server.requests.first)
        #expect(request.line == "POST /a/../b?userId=%20x HTTP/1.1")
        #expect(request.body == Array(body.utf8))
        #expect(request.header("authorization") == "Bearer x")
        #expect(request.header("content-type") == "application/json")
        #expect(request.header("x-empty") == "")
        // The protocol of the request line follows as one more product; see RequestHead.
        #expect(request.header("user-agent") == "fnrun/test HTTP/1.1")
        #expect(request.header("accept-encoding") == "gzip")
        #expect(request.header("host") == "127.0.0.1:\(server.port)")
        engine.shutdown()
    }

    @Test func neitherExpectsAnInterimAnswerNorInventsAContentType() async throws {
        let server = try LoopbackServer { $0.answerAll() }
        let engine = try HTTPEngine.make()
        // libcurl expects `100 Continue` from a mebibyte on.
        let body = String(repeating: "x", count: 3 << 20)
        #expect(await engine.summary(of: .post(server.url(), body: body)) == "200 ")
        let request = try #require(server.requests.first)
        #expect(request.body.count == 3 << 20)
        #expect(request.header("expect") == nil)
        #expect(request.header("content-type") == nil)
        engine.shutdown()
    }

    @Test func aHandleIsUsedAgainForOtherMethodsSizesAndHeaders() async throws {
        let server = try LoopbackServer { connection in
            while let request = connection.readRequest() {
                connection.answer(body: "\(request.line.prefix(4)) \(request.body.count)")
            }
        }
        let engine = try HTTPEngine.make()
        for (request, expected) in [
            (HTTPRequest.post(server.url(), body: String(repeating: "x", count: 700_000)), "200 POST 700000"),
            (.post(server.url(), body: ""), "200 POST 0"),
            (.get(server.url()), "200 GET  0"),
            (.post(server.url(), headers: [("X", "1")], body: "abc"), "200 POST 3"),
            (.get(server.url("/other")), "200 GET  0"),
            (.post(server.url(), body: "abcd"), "200 POST 4"),
        ] {
            #expect(await engine.summary(of: request) == expected)
        }
        #expect(server.connectionCount == 1)
        #expect(server.requests.map { $0.header("x") } == [nil, nil, nil, "1", nil, nil])
        #expect(server.requests.map { $0.header("content-length") } == ["700000", "0", nil, "3", nil, "4"])
        engine.shutdown()
    }

    @Test func keepsHeadersInLowerCaseIfAskedAndSomeAlways() async throws {
        let server = try LoopbackServer {
            $0.answerAll(
                503,
                headers: [
                    "X-One: 1", "Retry-After:  120", "X-ONE: two; 3", "Date: Sun, 06 Nov 1994 08:49:37 GMT", "X-E:",
                ])
        }
        let engine = try HTTPEngine.make()
        func headers(_ wantsHeaders: Bool) async -> [String] {
            let end = await engine.end(of: .post(server.url(), wantsHeaders: wantsHeaders))
            guard case .response(503, let headers, []) = end.result else { return [] }
            return headers.map { "\($0.name)=\($0.value)" }
        }
        #expect(await headers(false) == ["retry-after=120", "date=Sun, 06 Nov 1994 08:49:37 GMT"])
        let all = await headers(true)
        #expect(
            all == [
                "x-one=1", "retry-after=120", "x-one=two; 3", "date=Sun, 06 Nov 1994 08:49:37 GMT", "x-e=",
                "content-length=0",
            ])
        engine.shutdown()
    }

    @Test func headersOfOneAnswerAreNotThoseOfTheNext() async throws {
        let server = try LoopbackServer { connection in
            _ = connection.readRequest()
            connection.answer(429, headers: ["Retry-After: 1"])
            _ = connection.readRequest()
            connection.answer(200)
        }
        let engine = try HTTPEngine.make()
        for expected in [["1"], []] {
            let end = await engine.end(of: .post(server.url()))
            guard case .response(_, let headers, _) = end.result else {
                Issue.record("\(end.result)")
                break
            }
            #expect(headers.map(\.value) == expected)
        }
        engine.shutdown()
    }

    @Test(arguments: [(100, 100, "200 x*"), (101, 100, "tooLarge 200"), (1 << 20, 100, "tooLarge 200"), (0, 0, "200 ")])
    func capsBodies(size: Int, cap: Int, expected: String) async throws {
        let server = try LoopbackServer { connection in
            while let request = connection.readRequest() {
                let body = String(repeating: "x", count: size)
                if request.line.contains("chunked") {
                    connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
                    if size > 0 { connection.send("\(String(size, radix: 16))\r\n\(body)\r\n") }
                    connection.send("0\r\n\r\n")
                } else {
                    connection.answer(body: body)
                }
            }
        }
        let engine = try HTTPEngine.make(maxResponseBytes: cap)
        for path in ["/length", "/chunked", "/length"] {
            let summary = await engine.summary(of: .post(server.url(path)))
            #expect(summary == expected.replacing("x*", with: String(repeating: "x", count: size)))
        }
        engine.shutdown()
    }

    /// Made by gzip(1): `{"ok":true}`, and 100,000 zero bytes.
    private static let gzipped: [UInt8] = [
        31, 139, 8, 0, 0, 0, 0, 0, 2, 3, 171, 86, 202, 207, 86, 178, 42, 41, 42, 77, 173, 5, 0, 144, 95, 212, 167, 11,
        0,
        0, 0,
    ]
    private static let gzippedZeros: [UInt8] =
        [31, 139, 8, 0, 0, 0, 0, 0, 2, 3, 237, 193, 49, 1, 0, 0, 0, 194, 160, 245, 79, 109, 13, 15, 160]
        + [UInt8](repeating: 0, count: 96) + [128, 87, 3, 125, 149, 17, 212, 160, 134, 1, 0]

    @Test(arguments: [
        (gzipped, 11, "200 {\"ok\":true}"), (gzippedZeros, 99_999, "tooLarge 200"),
        (Array("plain".utf8), 100, "unknown protocolViolation"),
    ])
    func decompressesAndCapsWhatComesOut(bytes: [UInt8], cap: Int, expected: String) async throws {
        let server = try LoopbackServer { connection in
            while connection.readRequest() != nil {
                connection.send("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: \(bytes.count)\r\n\r\n")
                connection.send(bytes)
            }
        }
        let engine = try HTTPEngine.make(maxResponseBytes: max(cap, bytes.count))
        #expect(await engine.summary(of: .post(server.url())) == expected)
        engine.shutdown()
    }

    @Test func largeAnswersArriveWhole() async throws {
        let body = String(repeating: "0123456789", count: 500_000)
        let server = try LoopbackServer { $0.answerAll(body: body) }
        let engine = try HTTPEngine.make()
        #expect(await engine.summary(of: .post(server.url())) == "200 " + body)
        engine.shutdown()
    }

    @Test func labelsEndsWithTheClockAndLatency() async throws {
        let server = try LoopbackServer { $0.answerAll() }
        let time = ManualTimeSource()
        let engine = try HTTPEngine(HTTPEngineConfiguration(userAgent: "x", reactors: 1, time: time))
        let end = await engine.end(of: .post(server.url(), id: 77))
        #expect(end.id == 77)
        #expect(end.startedAt == time.wallNow())
        #expect(end.latency == .zero)
        engine.shutdown()
    }
}
