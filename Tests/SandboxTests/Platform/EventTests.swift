import JSONText
import JobModel
import Sandbox
import TestSupport
import Testing

@Suite struct EventTests {
    private let event = "controllerbot_messaging_conversation_end"
    private let first = "6f91f192-c1df-40e0-94f9-8765fd70fd02"
    private let second = "c521cadf-d444-4519-ad11-1c1111114415"

    private func script(_ more: String = "") -> String {
        "{version: 1, events: {\(event): [\(first), \(second)]}\(more)}"
    }

    @Test func runsEveryFunctionThatImplementsIt() async throws {
        try await TestSandbox.with(script(", functions: {\(second): {reply: {x: '{{ payload.id }}'}}}")) { sandbox in
            let answer = try sandbox.send(sandbox.event(sandbox.token(), event))
            #expect(answer.status == 200)
            let results = try #require(try answer.json.arrayValue)
            #expect(results.map { $0["uuid"]?.stringValue } == [first, second])
            #expect(results.map { $0["result"] } == [["id": 1], ["x": 1]])
            let time = try #require(results[0]["timestamp"]?.stringValue)
            #expect(Timestamp(rfc3339: time) == sandbox.time.wallNow())
            let statistics = sandbox.server.statistics()
            #expect(statistics.requests[.event] == 1)
            #expect(statistics.executed == 2)
            #expect(statistics.targets[event]?.received == 1)
            #expect(statistics.targets[first]?.executed == 1)
            #expect(statistics.deviations == [])
        }
    }

    @Test func isEmptyOnV1IfNothingImplementsIt() async throws {
        try await TestSandbox.with(script()) { sandbox in
            let answer = try sandbox.send(sandbox.event(sandbox.token(), "other"))
            #expect(answer.status == 200)
            #expect(answer.text == "[]")
            #expect(sandbox.server.statistics().executed == 0)
        }
    }

    @Test func is404OnV2IfNothingImplementsIt() async throws {
        try await TestSandbox.with(script(", platform: v2")) { sandbox in
            let answer = try sandbox.send(sandbox.event(sandbox.token(), "other"))
            #expect(answer.status == 404)
            #expect(try answer.json["code"] == "com.liveperson.faas.function.not-found")
        }
    }

    @Test func isImplementedByOneFunctionIfTheScriptIsSilent() async throws {
        try await TestSandbox.with { sandbox in
            let answer = try sandbox.send(sandbox.event(sandbox.token(), "any%20event")).json
            #expect(answer.arrayValue?.map { $0["result"] } == [["id": 1]])
            #expect(answer[0]?["uuid"]?.stringValue == SandboxAccount.eventFunction)
            #expect(sandbox.server.statistics().targets["any event"]?.executed == 1)
        }
    }

    @Test func failsIfOneOfItsFunctionsDoes() async throws {
        try await TestSandbox.with(script(", functions: {\(second): {sequence: [500, ok]}}")) { sandbox in
            let token = try sandbox.token()
            #expect(try sandbox.send(sandbox.event(token, event)).status == 500)
            #expect(try sandbox.send(sandbox.event(token, event)).status == 200)
        }
    }

    @Test func hasAnIDOfSixtyCharacters() async throws {
        try await TestSandbox.with { sandbox in
            let token = try sandbox.token()
            let longest = String(repeating: "e", count: 60)
            #expect(try sandbox.send(sandbox.event(token, longest)).status == 200)
            #expect(sandbox.rules == [])
            let id = "018f2f0e-5f2b-7c3d-8e4f-0123456789ac"
            #expect(try sandbox.send(sandbox.event(token, longest + "e", id: id)).status == 400)
            #expect(sandbox.rules == [.path])
        }
    }
}
