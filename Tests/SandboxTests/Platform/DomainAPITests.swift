import JSONText
import Sandbox
import Testing

@Suite struct DomainAPITests {
    @Test func givesOneService() async throws {
        try await TestSandbox.with { sandbox in
            let answer = try sandbox.send(sandbox.get("/api/account/12345678/service/faasGW/baseURI.json?version=1.0"))
            let expected: JSONValue = [
                "service": "faasGW", "account": "12345678", "baseURI": .string(sandbox.host),
            ]
            #expect(try answer.json == expected)
            #expect(sandbox.rules == [])
        }
    }

    @Test func givesAllServices() async throws {
        try await TestSandbox.with { sandbox in
            let answer = try sandbox.send(sandbox.get("/api/account/12345678/service/baseURI.json?version=1.0")).json
            let services = try #require(answer["baseURIs"]?.arrayValue)
            #expect(services.map { $0["service"] } == ["faasGW", "sentinel"])
            #expect(services.allSatisfy { $0["baseURI"]?.stringValue == sandbox.host })
        }
    }

    @Test(arguments: ["nothing", "FaasGW", "faasgw"])
    func hasNothingForOtherServices(service: String) async throws {
        try await TestSandbox.with { sandbox in
            let answer = try sandbox.send(
                sandbox.get("/api/account/12345678/service/\(service)/baseURI.json?version=1.0"))
            #expect(answer.status == 200)
            #expect(answer.text == "[]")
        }
    }

    @Test func knowsTheAccountsOfTheScriptAlone() async throws {
        try await TestSandbox.with(#"{version: 1, accounts: {"1": {clientId: a, clientSecret: b}}}"#) { sandbox in
            let known = try sandbox.send(sandbox.get("/api/account/1/service/faasGW/baseURI.json?version=1.0"))
            #expect(known.status == 200)
            let unknown = try sandbox.send(sandbox.get("/api/account/2/service/faasGW/baseURI.json?version=1.0"))
            #expect(unknown.status == 400)
        }
    }

    @Test func followsItsScript() async throws {
        let yaml = "{version: 1, domainApi: {sequence: [500], hosts: {sentinel: 'dead.invalid', faasGW: null}}}"
        try await TestSandbox.with(yaml) { sandbox in
            let request = sandbox.get("/api/account/1/service/baseURI.json?version=1.0")
            let first = try sandbox.send(request)
            #expect(first.status == 500)
            let services = try sandbox.send(request).json["baseURIs"]?.arrayValue
            #expect(services?.map { $0["baseURI"] } == ["dead.invalid"])
            let gateway = try sandbox.send(sandbox.get("/api/account/1/service/faasGW/baseURI.json?version=1.0"))
            #expect(gateway.text == "[]")
        }
    }
}
