import JobModel
import NIOCore
import TestSupport
import Testing

@testable import Status

@Suite(.timeLimit(.minutes(1))) struct StatusServerTests {
    private static func withServer(
        host: String = "127.0.0.1", snapshot: StatusSnapshot = StatusSamples.busy(),
        limits: StatusLimits = StatusLimits(), _ body: (StatusServer, SettableSource) throws -> Void
    ) async throws {
        let source = SettableSource(snapshot)
        let server = try await StatusServer.start(
            on: ListenAddress(host: host, port: 0), source: source, time: ManualTimeSource(wall: StatusSamples.now),
            limits: limits)
        do { try body(server, source) } catch {
            await server.shutdown()
            throw error
        }
        await server.shutdown()
    }

    private static func get(_ path: String, _ more: String = "") -> String {
        "GET \(path) HTTP/1.1\r\nHost: localhost\r\n\(more)\r\n"
    }

    @Test func servesSeveralRequestsOnOneConnection() async throws {
        try await Self.withServer { server, source in
            #expect(server.address == "127.0.0.1:\(server.port)")
            let connection = try RawConnection(port: server.port)
            connection.send(Self.get("/healthz"))
            let health = try #require(connection.response())
            #expect(health.head.hasPrefix("HTTP/1.1 200 OK\r\n"))
            #expect(health.body == "{\"status\":\"ok\"}\n")
            source.change { $0.attempts = 52 }
            connection.send(Self.get("/metrics"))
            let metrics = try #require(connection.response())
            #expect(metrics.head.contains("Content-Type: text/plain; version=0.0.4; charset=utf-8"))
            #expect(try MetricsText(metrics.body)["fnrun_attempts_total"] == "52")
            connection.send(Self.get("/none"))
            #expect(connection.response()?.head.hasPrefix("HTTP/1.1 404 ") == true)
            connection.send(Self.get("/"))
            let page = try #require(connection.response())
            #expect(page.head.contains("default-src 'none'"))
            #expect(page.body.hasPrefix("<!DOCTYPE html>"))
        }
    }

    @Test func servesIPv6() async throws {
        try await Self.withServer(host: "::1") { server, _ in
            #expect(server.address == "[::1]:\(server.port)")
            let connection = try RawConnection(port: server.port, isVersion6: true)
            connection.send(Self.get("/readyz"))
            #expect(connection.response()?.body == "{\"status\":\"ready\"}\n")
        }
    }

    @Test func answersHeadWithoutABody() async throws {
        try await Self.withServer { server, _ in
            let connection = try RawConnection(port: server.port)
            connection.send("HEAD /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
            let response = try #require(connection.response(toHead: true))
            #expect(response.head.contains("Content-Length: 16"))
            connection.send(Self.get("/healthz", "Connection: close\r\n"))
            #expect(connection.response()?.body == "{\"status\":\"ok\"}\n")
            #expect(connection.readToEnd())
        }
    }

    @Test func refusesOtherMethodsAndDropsTheirBodies() async throws {
        try await Self.withServer { server, _ in
            let connection = try RawConnection(port: server.port)
            connection.send("POST /metrics HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello")
            let response = try #require(connection.response())
            #expect(response.head.hasPrefix("HTTP/1.1 405 "))
            #expect(response.head.contains("Allow: GET, HEAD"))
            #expect(connection.readToEnd())
        }
    }

    @Test(arguments: [
        ("not HTTP at all\r\n\r\n", "400"), ("GET / HTTP/9.9\r\n\r\n", "400"),
        ("GET / HTTP/1.1\r\nHost: x\r\nX: \(String(repeating: "y", count: 20_000))\r\n\r\n", "431"),
        ("GET / HTTP/1.1\r\n" + String(repeating: "X: y\r\n", count: 200) + "\r\n", "431"),
    ])
    func refusesWhatIsNoRequestAndCloses(_ request: String, status: String) async throws {
        try await Self.withServer { server, _ in
            let connection = try RawConnection(port: server.port)
            connection.send(request)
            let response = connection.response()
            #expect(response?.head.hasPrefix("HTTP/1.1 \(status) ") == true, "\(response?.head ?? "closed")")
            #expect(connection.readToEnd())
        }
    }

    @Test func closesWhenABodyIsTooLarge() async throws {
        var limits = StatusLimits()
        limits.bodyBytes = 1000
        try await Self.withServer(limits: limits) { server, _ in
            let connection = try RawConnection(port: server.port)
            connection.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n")
            connection.send(String(repeating: "x", count: 5000))
            #expect(connection.readToEnd())
            #expect(connection.received.isEmpty)
        }
    }

    @Test(arguments: [
        "", "GET / HTT", "GET / HTTP/1.1\r\nHost: x\r\n", "POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\n12",
    ])
    func closesOnASlowClient(_ beginning: String) async throws {
        var limits = StatusLimits()
        limits.requestTime = .milliseconds(30)
        try await Self.withServer(limits: limits) { server, _ in
            let connection = try RawConnection(port: server.port)
            connection.send(beginning)
            #expect(connection.readToEnd())
            #expect(connection.received.isEmpty)
        }
    }

    @Test func closesAConnectionThatIsIdle() async throws {
        var limits = StatusLimits()
        limits.idleTime = .milliseconds(30)
        try await Self.withServer(limits: limits) { server, _ in
            let connection = try RawConnection(port: server.port)
            connection.send(Self.get("/healthz"))
            #expect(connection.response() != nil)
            #expect(connection.readToEnd())
        }
    }

    /// More than the system's buffers hold.
    private static func large() -> StatusSnapshot {
        var snapshot = StatusSamples.busy()
        snapshot.jobs[0].file = String(repeating: "x", count: 12 << 20)
        return snapshot
    }

    /// Lets a client that reads nothing take the only place, and waits until somebody else gets it.
    private static func awaitEviction(_ requests: String, _ edit: (inout StatusLimits) -> Void) async throws {
        var limits = StatusLimits()
        limits.connections = 1
        edit(&limits)
        try await withServer(snapshot: large(), limits: limits) { server, _ in
            let deaf = try RawConnection(port: server.port, receiveBuffer: 4096)
            deaf.send(requests)
            while true {
                let next = try RawConnection(port: server.port)
                next.send(get("/healthz"))
                if next.response() != nil { break }
            }
            #expect(deaf.readToEnd())
            #expect(deaf.response() == nil)
        }
    }

    @Test func closesOnAClientThatTakesNoAnswer() async throws {
        try await Self.awaitEviction(Self.get("/status.json")) { $0.answerTime = .milliseconds(50) }
    }

    @Test func doesNotCollectAnswersForAClientThatPipelines() async throws {
        try await Self.awaitEviction(Self.get("/status.json") + Self.get("/status.json")) { $0.answerTime = .hours(1) }
    }

    /// Whoever keeps connections open keeps nobody out.
    @Test func theConnectionThatIsQuietLongestMakesRoom() async throws {
        var limits = StatusLimits()
        limits.connections = 2
        try await Self.withServer(limits: limits) { server, _ in
            var open: [RawConnection] = []
            for _ in 0..<2 {
                let connection = try RawConnection(port: server.port)
                connection.send(Self.get("/healthz"))
                #expect(connection.response() != nil)
                open.append(connection)
            }
            open[0].send(Self.get("/healthz"))
            #expect(open[0].response() != nil)
            let third = try RawConnection(port: server.port)
            third.send(Self.get("/healthz"))
            #expect(third.response() != nil)
            #expect(open[1].readToEnd())
            open[0].send(Self.get("/healthz"))
            #expect(open[0].response() != nil)
        }
    }

    @Test func whoeverAsksNothingMakesRoom() async throws {
        var limits = StatusLimits()
        limits.connections = 2
        try await Self.withServer(limits: limits) { server, _ in
            let silent = try (0..<4).map { _ in try RawConnection(port: server.port) }
            let asking = try RawConnection(port: server.port)
            asking.send(Self.get("/healthz"))
            #expect(asking.response() != nil)
            for connection in silent[..<3] { #expect(connection.readToEnd()) }
        }
    }

    @Test func saysWhyItCannotListen() async throws {
        let other = try LoopbackServer { _ in }
        let error = await #expect(throws: StatusError.self) {
            try await StatusServer.start(
                on: ListenAddress(host: "127.0.0.1", port: Int(other.port)),
                source: SettableSource(StatusSamples.idle()))
        }
        #expect(error?.code == .bind)
        #expect(error?.message.contains("cannot listen on 127.0.0.1:\(other.port): Address already in use") == true)
        let unknown = await #expect(throws: StatusError.self) {
            try await StatusServer.start(
                on: ListenAddress(host: "no such host", port: 0), source: SettableSource(StatusSamples.idle()))
        }
        #expect(unknown?.message.contains("the host is not known") == true, "\(unknown?.message ?? "")")
    }

    @Test func afterShutdownNobodyListens() async throws {
        let marker = "until-shutdown"
        var snapshot = StatusSamples.idle()
        snapshot.version = marker
        let server = try await StatusServer.start(
            on: ListenAddress(host: "127.0.0.1", port: 0), source: SettableSource(snapshot))
        let request = "GET /status.json HTTP/1.1\r\nHost: h\r\n\r\n"
        let connection = try RawConnection(port: server.port)
        #expect(connection.send(request))
        #expect(connection.response()?.body.contains(marker) == true)
        await server.shutdown()
        // The port may be another server's by now: whoever takes the connection, it is not this one.
        guard let other = try? RawConnection(port: server.port), other.send(request) else { return }
        #expect(other.response()?.body.contains(marker) != true)
    }
}
