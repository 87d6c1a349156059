import JobModel
import Sandbox
import Testing

@Suite struct FaultTests {
    private func script(_ fate: String) -> String {
        "{version: 1, default: {sequence: [\(fate), ok]}}"
    }

    /// Sends an invocation and reads to the end of the connection.
    private func end(_ sandbox: TestSandbox, _ token: String) throws -> (RawConnection.Reading, [UInt8]) {
        let connection = try RawConnection(port: sandbox.server.port)
        try connection.send(sandbox.invocation(token).bytes)
        let reading = connection.readToEnd()
        return (reading, connection.received)
    }

    @Test func resets() async throws {
        try await TestSandbox.with(script("reset")) { sandbox in
            let token = try sandbox.token()
            let (reading, received) = try end(sandbox, token)
            #expect(reading == .reset)
            #expect(received == [])
            #expect(sandbox.server.statistics().faults == ["reset": 1])
            #expect(sandbox.server.statistics().executed == 1, "nobody knows whether it ran")
            #expect(try sandbox.send(sandbox.invocation(token)).status == 200)
        }
    }

    @Test func closes() async throws {
        try await TestSandbox.with(script("close")) { sandbox in
            let (reading, received) = try end(sandbox, sandbox.token())
            #expect(reading == .closed)
            #expect(received == [])
        }
    }

    @Test func closesAConnectionThatIsUsedAgain() async throws {
        try await TestSandbox.with("{version: 1, default: {sequence: [ok, close], per: function}}") { sandbox in
            let token = try sandbox.token()
            let connection = try RawConnection(port: sandbox.server.port)
            try connection.send(sandbox.invocation(token).bytes)
            #expect(connection.response()?.status == 200)
            try connection.send(sandbox.invocation(token).bytes)
            #expect(connection.response() == nil)
            #expect(sandbox.server.statistics().invocations == 2)
        }
    }

    @Test func tears() async throws {
        try await TestSandbox.with(script("torn")) { sandbox in
            let (reading, received) = try end(sandbox, sandbox.token())
            #expect(reading == .closed)
            let text = String(decoding: received, as: UTF8.self)
            #expect(text.hasPrefix("HTTP/1.1 200 OK\r\n"))
            #expect(text.hasSuffix("\r\n\r\n{\"id\":1}"))
            #expect(text.contains("\r\nContent-Length: 24\r\n"))
            #expect(HTTPResponse.parse(received) == nil)
        }
    }

    @Test func sendsGarbage() async throws {
        try await TestSandbox.with(script("garbage")) { sandbox in
            let (reading, received) = try end(sandbox, sandbox.token())
            #expect(reading == .closed)
            #expect(!received.isEmpty)
            #expect(!received.starts(with: "HTTP/".utf8))
        }
    }

    @Test func hangs() async throws {
        try await TestSandbox.with(script("hang")) { sandbox in
            let token = try sandbox.token()
            var connections: [RawConnection] = []
            for number in 1...3 {
                let connection = try RawConnection(port: sandbox.server.port)
                let id = "018f2f0e-5f2b-7c3d-8e4f-00000000000\(number)"
                try connection.send(sandbox.invocation(token, id: id).bytes)
                connections.append(connection)
            }
            try sandbox.wait { $0.faults["hang"] == 3 }
            let statistics = sandbox.server.statistics()
            #expect(statistics.inFlight == 3)
            #expect(statistics.maxInFlight == 3)
            #expect(statistics.targets[TestSandbox.function]?.maxInFlight == 3)
            #expect(connections.allSatisfy { $0.isSilent })
            connections.removeAll()
            try sandbox.wait { $0.inFlight == 0 }
        }
    }

    @Test func answersAreHeldBackBehindOneThatHangs() async throws {
        try await TestSandbox.with(script("hang")) { sandbox in
            let token = try sandbox.token()
            let connection = try RawConnection(port: sandbox.server.port)
            let next = sandbox.invocation(token, id: "018f2f0e-5f2b-7c3d-8e4f-000000000001")
            try connection.send(sandbox.invocation(token).bytes + next.bytes)
            try sandbox.wait { $0.faults["hang"] == 1 }
            #expect(connection.isSilent)
            #expect(sandbox.server.statistics().invocations == 1)
        }
    }

    @Test(arguments: ["reset", "close", "torn", "garbage"])
    func tokenRequestsCanFailSo(fate: String) async throws {
        try await TestSandbox.with("{version: 1, token: {sequence: [\(fate)]}}") { sandbox in
            let connection = try RawConnection(port: sandbox.server.port)
            try connection.send(sandbox.tokenRequest().bytes)
            #expect(connection.response() == nil)
            #expect(sandbox.server.statistics().faults == [fate: 1])
            #expect(try sandbox.send(sandbox.tokenRequest()).status == 200)
        }
    }

    @Test func lateAnswersCome() async throws {
        let yaml = "{version: 1, default: {latency: {min: 1ms, max: 2ms}, sequence: [{status: 500, latency: 3ms}]}}"
        try await TestSandbox.with(yaml) { sandbox in
            let token = try sandbox.token()
            #expect(try sandbox.send(sandbox.invocation(token)).status == 500)
            #expect(try sandbox.send(sandbox.invocation(token)).status == 200)
            try sandbox.wait { $0.inFlight == 0 }
        }
    }

    @Test func aClientThatLeavesIsCountedOff() async throws {
        try await TestSandbox.with("{version: 1, default: {latency: 1h}}") { sandbox in
            let token = try sandbox.token()
            do {
                let connection = try RawConnection(port: sandbox.server.port)
                try connection.send(sandbox.invocation(token).bytes)
                try sandbox.wait { $0.inFlight == 1 }
            }
            try sandbox.wait { $0.inFlight == 0 }
            #expect(sandbox.server.statistics().maxInFlight == 1)
        }
    }
}
