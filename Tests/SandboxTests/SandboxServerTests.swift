import JSONText
import JobModel
import Sandbox
import TestSupport
import Testing

@Suite struct SandboxServerTests {
    @Test func tellsWhereItIs() async throws {
        try await TestSandbox.with { sandbox in
            #expect(sandbox.server.port > 0)
            #expect(sandbox.server.baseURL == "http://127.0.0.1:\(sandbox.server.port)")
            let account = sandbox.server.account
            #expect(account.endpoints.domainAPI == sandbox.server.baseURL)
            #expect(account.id == SandboxAccount.id)
            #expect(account.platform == .v1)
            #expect(account.endpoints.gateway == nil)
        }
    }

    @Test func offersTheFirstAccountOfTheScript() async throws {
        let yaml = """
            version: 1
            platform: v2
            accounts:
              "222": { clientId: b, clientSecret: sb }
              "111": { clientId: a, clientSecret: sa }
            """
        try await TestSandbox.with(yaml) { sandbox in
            let account = sandbox.server.account
            #expect(account.id == "111")
            #expect(account.clientID == "a")
            #expect(account.clientSecret.reveal() == "sa")
            #expect(account.platform == .v2)
        }
    }

    @Test func refusesAPortThatIsTaken() async throws {
        try await TestSandbox.with { sandbox in
            let configuration = SandboxConfiguration(port: sandbox.server.port, time: ManualTimeSource())
            let error = await #expect(throws: SandboxError.self) {
                _ = try await SandboxServer.start(configuration)
            }
            #expect(error?.code == .bind)
            #expect(error?.message.contains("\(sandbox.server.port)") == true)
        }
    }

    @Test(arguments: [(-1, 1), (65_536, 1), (0, 0)])
    func refusesNonsense(port: Int, threads: Int) async {
        let configuration = SandboxConfiguration(port: port, threads: threads, time: ManualTimeSource())
        let error = await #expect(throws: SandboxError.self) { _ = try await SandboxServer.start(configuration) }
        #expect(error?.code == .configuration)
    }

    @Test func servesWithSeveralThreads() async throws {
        let server = try await SandboxServer.start(SandboxConfiguration(threads: 3, time: ManualTimeSource()))
        let sandbox = TestSandbox(server: server, time: ManualTimeSource())
        let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<8 { group.addTask { try sandbox.send(sandbox.tokenRequest()).status } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(statuses == Array(repeating: 200, count: 8))
        #expect(server.statistics().tokensIssued == 8)
        await server.shutdown()
    }

    @Test func goesThroughTheWholeProtocolWithoutADeviation() async throws {
        try await TestSandbox.with { sandbox in
            let hosts = try sandbox.send(
                sandbox.get("/api/account/sandbox01/service/sentinel/baseURI.json?version=1.0"))
            #expect(try hosts.json["baseURI"]?.stringValue == sandbox.host)
            let token = try sandbox.token()
            let payload = #"{"n":12345678901234567890,"x":1.10,"s":"ü\u00e9","e":1e400}"#
            let answer = try sandbox.send(sandbox.invocation(token, payload: payload))
            #expect(answer.status == 200)
            #expect(answer.text == payload)
            #expect(answer.headers["content-type"] == "application/json")
            #expect(answer.headers["date"] == "Wed, 18 Nov 2026 11:06:40 GMT")
            let statistics = sandbox.server.statistics()
            #expect(statistics.deviations == [])
            #expect(statistics.requests == [.domainAPI: 1, .token: 1, .invoke: 1, .event: 0, .other: 0])
            #expect(statistics.executed == 1)
            #expect(statistics.statuses == [200: 3])
        }
    }

    @Test func answersManyRequestsOnOneConnectionInOrder() async throws {
        let yaml = "{version: 1, default: {match: [{when: {payload.id: 1}, latency: 3ms}]}}"
        try await TestSandbox.with(yaml) { sandbox in
            let token = try sandbox.token()
            let connection = try RawConnection(port: sandbox.server.port)
            var bytes: [UInt8] = []
            for number in 1...50 {
                let id = "018f2f0e-5f2b-7c3d-8e4f-0000000000\(number < 10 ? "0" : "")\(number)"
                bytes += sandbox.invocation(token, id: id, payload: "{\"id\":\(number)}").bytes
            }
            try connection.send(bytes)
            for number in 1...50 { #expect(connection.response()?.text == "{\"id\":\(number)}") }
            #expect(sandbox.server.statistics().connectionsAccepted == 2)
        }
    }

    @Test func asksForABodyThatWaits() async throws {
        try await TestSandbox.with { sandbox in
            var request = sandbox.tokenRequest()
            request.set("Expect", "100-continue")
            let connection = try RawConnection(port: sandbox.server.port)
            try connection.send(Array(request.bytes.dropLast(request.body.count)))
            #expect(connection.response()?.status == 100)
            try connection.send(request.body)
            #expect(connection.response()?.status == 200)
        }
    }

    @Test func closesWhenAsked() async throws {
        try await TestSandbox.with { sandbox in
            var request = sandbox.get("/__stats")
            request.set("Connection", "close")
            let connection = try RawConnection(port: sandbox.server.port)
            try connection.send(request.bytes)
            #expect(connection.response()?.headers["connection"] == "close")
            #expect(connection.readToEnd() == .closed)
        }
    }

    @Test func endsConnectionsAtShutdown() async throws {
        let server = try await SandboxServer.start(SandboxConfiguration(time: ManualTimeSource()))
        let sandbox = TestSandbox(server: server, time: ManualTimeSource())
        let connection = try RawConnection(port: server.port)
        try connection.send(sandbox.get("/__stats").bytes)
        #expect(connection.response()?.status == 200)
        await server.shutdown()
        #expect(connection.readToEnd() != .bytes)
        // The port may be another server's by now: whoever takes the connection, it is not this one.
        let seen = server.statistics().requests
        if let other = try? RawConnection(port: server.port) {
            try? other.send(sandbox.get("/__stats").bytes)
            _ = other.response()
        }
        #expect(server.statistics().requests == seen)
    }

    @Test func resetsCountsAndSequencesButNotTokens() async throws {
        try await TestSandbox.with("{version: 1, default: {sequence: [500], per: function}}") { sandbox in
            let token = try sandbox.token()
            #expect(try sandbox.send(sandbox.invocation(token)).status == 500)
            #expect(try sandbox.send(sandbox.invocation(token)).status == 200)
            var request = sandbox.get("/__reset")
            #expect(try sandbox.send(request).status == 405)
            request.method = "POST"
            #expect(try sandbox.send(request).status == 200)
            #expect(sandbox.server.statistics().invocations == 0)
            #expect(try sandbox.send(sandbox.invocation(token)).status == 500)
            #expect(sandbox.server.statistics().invocations == 1)
        }
    }
}
