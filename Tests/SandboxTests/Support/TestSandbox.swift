import JSONText
import JobModel
import Sandbox
import TestSupport
import Testing

/// A sandbox with a clock that stands still, and requests as the protocol wants them.
struct TestSandbox {
    static let function = "6f91f192-c1df-40e0-94f9-8765fd70fd02"
    static let requestID = "018f2f0e-5f2b-7c3d-8e4f-0123456789ab"

    let server: SandboxServer
    let time: ManualTimeSource

    /// Runs a test against a sandbox, which is shut down afterwards.
    static func with(_ yaml: String = "version: 1", _ body: (TestSandbox) async throws -> Void) async throws {
        let loading = SandboxScript.load(bytes: Array(yaml.utf8), file: "script.yaml")
        #expect(loading.diagnostics == [])
        let time = ManualTimeSource()
        let configuration = SandboxConfiguration(script: try #require(loading.script), time: time)
        let server = try await SandboxServer.start(configuration)
        do {
            try await body(TestSandbox(server: server, time: time))
        } catch {
            await server.shutdown()
            throw error
        }
        await server.shutdown()
    }

    /// An HTTP request that is right in every respect, to be changed.
    struct Request {
        var method = "POST"
        var target: String
        var headers: [(String, String)]
        var body: [UInt8]

        var bytes: [UInt8] {
            var head = "\(method) \(target) HTTP/1.1\r\n"
            for (name, value) in headers { head += "\(name): \(value)\r\n" }
            if method != "GET" || !body.isEmpty { head += "Content-Length: \(body.count)\r\n" }
            return Array((head + "\r\n").utf8) + body
        }

        mutating func set(_ name: String, _ value: String?) {
            headers.removeAll { $0.0 == name }
            if let value { headers.append((name, value)) }
        }
    }

    var host: String { "127.0.0.1:\(server.port)" }

    func get(_ target: String) -> Request {
        Request(method: "GET", target: target, headers: [("Host", host)], body: [])
    }

    func tokenRequest(
        account: String = "sandbox01", clientID: String = "me", secret: String = "s3cret"
    ) -> Request {
        Request(
            target: "/sentinel/api/account/\(account)/app/token?v=2.0",
            headers: [("Host", host), ("Content-Type", "application/x-www-form-urlencoded")],
            body: Array("grant_type=client_credentials&client_id=\(clientID)&client_secret=\(secret)".utf8))
    }

    /// Gets a token.
    func token(account: String = "sandbox01") throws -> String {
        let response = try send(tokenRequest(account: account))
        return try #require(try response.json["access_token"]?.stringValue)
    }

    func body(payload: String, headers: String = "[]") -> [UInt8] {
        Array(
            "{\"timestamp\":\(time.wallNow().milliseconds),\"headers\":\(headers),\"payload\":\(payload)}".utf8)
    }

    func invocation(
        _ token: String, function: String = function, id: String = requestID, payload: String = "{\"id\":1}"
    ) -> Request {
        Request(
            target: "/api/account/sandbox01/lambdas/\(function)/invoke?v=1&userId=test",
            headers: [
                ("Host", host), ("Authorization", "Bearer \(token)"), ("Content-Type", "application/json"),
                ("X-Request-ID", id),
            ], body: body(payload: payload))
    }

    func event(_ token: String, _ event: String, id: String = requestID) -> Request {
        var request = invocation(token, id: id)
        request.target = "/api/account/sandbox01/events/\(event)/invoke?v=1&userId=test&skillId=4129"
        return request
    }

    /// Sends a request on a connection of its own, and gives the final response.
    func send(_ request: Request) throws -> HTTPResponse {
        let connection = try RawConnection(port: server.port)
        try connection.send(request.bytes)
        let response = try #require(connection.response())
        return response.status == 100 ? try #require(connection.response()) : response
    }

    /// Waits until the statistics are as wanted; fails if that does not come.
    func wait(until isReached: (SandboxStatistics) -> Bool) throws {
        for _ in 0..<20_000 {
            // A request takes its time, and the server its turn.
            _ = try send(get("/__stats"))
            if isReached(server.statistics()) { return }
        }
        Issue.record("the statistics never came to be as wanted: \(server.statistics())")
    }

    var rules: [Deviation.Rule] { server.statistics().deviations.map(\.rule) }
}
