import Glibc
import HTTPEngine
import JobModel
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(1))) struct FailureTests {
    /// What a server does after it has read a request, and how that ends.
    struct Misdeed: Sendable, CustomTestStringConvertible {
        var name: String
        var expected: String
        var act: @Sendable (LoopbackConnection) -> Void
        var testDescription: String { name }

        init(_ name: String, _ expected: String, act: @escaping @Sendable (LoopbackConnection) -> Void) {
            self.name = name
            self.expected = expected
            self.act = act
        }
    }

    static let misdeeds = [
        Misdeed("closes", "unknown reset") { _ in },
        Misdeed("resets", "unknown reset") { $0.reset() },
        Misdeed("resets in the head", "unknown reset") {
            $0.send("HTTP/1.1 200 OK\r\nContent-")
            $0.reset()
        },
        Misdeed("closes in the head", "unknown reset") { $0.send("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n") },
        Misdeed("resets in the body", "unknown reset") {
            $0.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc")
            $0.reset()
        },
        Misdeed("closes in the body", "unknown reset") { $0.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc") },
        Misdeed("closes in a chunk", "unknown reset") {
            $0.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab")
        },
        Misdeed("closes before the last chunk", "unknown reset") {
            $0.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n")
        },
        Misdeed("sends a chunk without size", "unknown protocolViolation") {
            $0.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n")
        },
        Misdeed("answers garbage", "unknown protocolViolation") { $0.send("\u{1}\u{2}garbage\r\n\r\n") },
        Misdeed("answers another protocol", "unknown protocolViolation") { $0.send("SSH-2.0-OpenSSH_9.2\r\n") },
        Misdeed("answers with two lengths", "unknown protocolViolation") {
            $0.send("HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n")
        },
        Misdeed("answers with an endless header", "unknown protocolViolation") {
            $0.send("HTTP/1.1 200 OK\r\nX: \(String(repeating: "x", count: 200_000))\r\nContent-Length: 0\r\n\r\n")
        },
        Misdeed("answers with what only looks compressed", "unknown protocolViolation") {
            $0.send("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 20\r\n\r\n01234567890123456789")
        },
        Misdeed("never answers", "unknown timeout") { $0.waitForClose() },
        Misdeed("stops in the body", "unknown timeout") {
            $0.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc")
            $0.waitForClose()
        },
    ]

    @Test(arguments: misdeeds) func whatWasSentAndNotWhollyAnsweredIsUnknown(misdeed: Misdeed) async throws {
        let server = try LoopbackServer { connection in
            _ = connection.readRequest()
            misdeed.act(connection)
        }
        let engine = try HTTPEngine.make()
        let timeout: Duration = misdeed.expected.hasSuffix("timeout") ? .milliseconds(150) : .seconds(20)
        let end = await engine.end(of: .post(server.url("/secret?token=secret"), timeout: timeout))
        #expect(end.result.summary == misdeed.expected)
        let message = try #require(end.result.message)
        #expect(message.contains("127.0.0.1:\(server.port)"))
        #expect(!message.contains("secret"))
        engine.shutdown()
        #expect(server.waitUntilIdle())
        #expect(server.requests.count == 1)
    }

    /// libcurl by itself sends a request again when a reused connection ends without an answer.
    @Test(arguments: [false, true]) func aRequestIsNeverSentTwice(byReset: Bool) async throws {
        let server = try LoopbackServer { connection in
            while connection.readRequest() != nil {
                // The first request of the first connection is answered, whatever follows on it is not.
                if connection.number == 0, connection.answered { break }
                connection.answer()
                connection.answered = true
            }
            if byReset { connection.reset() }
        }
        let engine = try HTTPEngine.make()
        let first = await engine.end(of: .post(server.url()))
        #expect(first.result.summary == "200 ")
        let second = await engine.end(of: .post(server.url()))
        #expect(second.result.summary == "unknown reset", "\(second) \(server.connectionCount)")
        engine.shutdown()
        #expect(server.waitUntilIdle())
        #expect(server.requests.count == 2)
    }

    @Test func aConnectionThatWasClosedInBetweenIsReplacedBeforeAnythingIsSent() async throws {
        let server = try LoopbackServer { connection in
            _ = connection.readRequest()
            connection.answer()
        }
        let engine = try HTTPEngine.make()
        for _ in 0..<3 {
            #expect(await engine.summary(of: .post(server.url())) == "200 ")
            #expect(server.waitUntilIdle())
        }
        #expect(server.connectionCount == 3)
        engine.shutdown()
    }

    @Test func aRefusedConnectionIsNotSent() async throws {
        // A port that was just given up.
        let port = try LoopbackServer { _ in }.port
        let engine = try HTTPEngine.make()
        let end = await engine.end(of: .post("http://127.0.0.1:\(port)/x?secret"))
        #expect(end.result.summary == "notSent connect")
        #expect(end.result.message == "connect to 127.0.0.1:\(port) failed: Connection refused")
        engine.shutdown()
    }

    @Test func aHostWithoutAddressIsNotSent() async throws {
        let engine = try HTTPEngine.make()
        let end = await engine.end(of: .post("http://name.invalid/x?secret"))
        #expect(end.result.summary == "notSent dns")
        #expect(end.result.message == "the host name name.invalid could not be resolved")
        engine.shutdown()
    }

    @Test func aConnectionThatIsNotMadeInTimeIsNotSent() async throws {
        let (port, descriptors) = try LoopbackServer.deafPort()
        defer { for descriptor in descriptors { close(descriptor) } }
        let engine = try HTTPEngine.make()
        let url = "http://127.0.0.1:\(port)/?secret"
        let byConnect = await engine.end(of: .post(url, connectTimeout: .milliseconds(60)))
        #expect(byConnect.result.summary == "notSent timeout")
        #expect(byConnect.result.message == "connect to 127.0.0.1:\(port) timed out after 60ms")
        let byWhole = await engine.end(of: .post(url, timeout: .milliseconds(50)))
        #expect(byWhole.result.summary == "notSent timeout")
        #expect(byWhole.result.message == "connect to 127.0.0.1:\(port) timed out after 50ms")
        engine.shutdown()
    }

    @Test func timeoutsBelowAMillisecondAreTimeouts() async throws {
        let (port, descriptors) = try LoopbackServer.deafPort()
        defer { for descriptor in descriptors { close(descriptor) } }
        let engine = try HTTPEngine.make()
        for timeout in [Duration.zero, .nanoseconds(1), .seconds(-5)] {
            #expect(await engine.summary(of: .post("http://127.0.0.1:\(port)/", timeout: timeout)) == "notSent timeout")
        }
        engine.shutdown()
    }

    @Test(arguments: [
        "", "nonsense", "http://", "ftp://127.0.0.1/", "file:///etc/passwd", "http://127.0.0.1:99999/",
        "http://127.0.0.1/\0x", "http://127.0.0.1/a b", "http://127.0.0.1/\r\nX: y", "http://[::1/", "https:",
    ])
    func whatIsNoURLIsNotSent(url: String) async throws {
        let engine = try HTTPEngine.make()
        let end = await engine.end(of: .post(url))
        #expect(end.result.summary == "notSent protocolViolation")
        #expect(end.result.message?.contains("\n") == false)
        engine.shutdown()
    }

    @Test(arguments: [
        ("X", "a\r\nY: b"), ("X", "a\nb"), ("X", "a\0b"), ("", "a"), ("X:", "a"), ("X Y", "a"), ("X\r\nY", "a"),
        ("É", "a"),
    ])
    func headersThatWouldBreakTheRequestAreNotSent(name: String, value: String) async throws {
        let server = try LoopbackServer { $0.answerAll() }
        let engine = try HTTPEngine.make()
        let end = await engine.end(of: .post(server.url(), headers: [("A", "b"), (name, value)]))
        #expect(end.result.summary == "notSent protocolViolation")
        #expect(end.result.message?.contains("\n") == false)
        // The handle is as good as before.
        #expect(await engine.summary(of: .post(server.url(), headers: [("A", "b")])) == "200 ")
        engine.shutdown()
        #expect(server.requests.count == 1)
    }
}
