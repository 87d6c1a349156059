import BinarySupport
import Foundation
import JSONText
import Synchronization
import TestSupport
import Testing

@Suite("fnrun doctor", .serialized)
struct DoctorTests {
    /// A diagnosis as JSON; the secret is nowhere in what the command wrote.
    private struct Diagnosis {
        var status: Int32
        var value: JSONValue
        var text: String

        /// The steps in their order, as `name state`.
        var steps: [String] {
            (value["steps"]?.arrayValue ?? []).map {
                "\($0["step"]?.stringValue ?? "?") \($0["state"]?.stringValue ?? "?")"
            }
        }

        /// The last step of a name.
        func step(_ name: String) -> JSONValue? {
            value["steps"]?.arrayValue?.last { $0["step"]?.stringValue == name }
        }

        func words(_ name: String) -> String {
            step(name).map { JSONWriter.text(of: $0) } ?? ""
        }
    }

    private static func diagnose(
        _ job: JobFileText, _ arguments: [String] = [], environment: [String: String?] = [:]
    ) async throws -> Diagnosis {
        let binary = try BuiltBinary(environment: environment)
        try binary.write(job.text, to: "job.yaml")
        let result = try await binary.run(["doctor", "job.yaml", "--format", "json"] + arguments)
        let text = result.output + result.errors
        #expect(!text.contains(JobFileText.secret), "the secret is in \(text)")
        #expect(!text.contains("eyJ"), "a token is in \(text)")
        return Diagnosis(status: result.status, value: try JSONParser.parse(result.output), text: text)
    }

    @Test("All is well: each step says what was found, and nothing is run")
    func allWell() async throws {
        let sandbox = try await SandboxProcess.start()
        var job = JobFileText(sandbox.url)
        job.lambdas = ["done: { event: conversation_end }"]
        let diagnosis = try await Self.diagnose(job)
        #expect(diagnosis.status == 0, "\(diagnosis.text)")
        #expect(
            diagnosis.steps == [
                "job file ok", "account ok", "connection ok", "hosts ok", "connection ok", "clock ok", "token ok",
                "lambda ok", "lambda ok",
            ])
        #expect(diagnosis.value["ok"]?.boolValue == true)
        #expect(diagnosis.words("hosts").contains("faasGW: \(sandbox.url) (platform v1)"))
        #expect(diagnosis.words("hosts").contains("/api/account/12345678/service/faasGW/baseURI.json?version=1.0"))
        for claim in ["aud (account) 12345678", "azp (client) test-client", "scope faas.lambda.invoke", "iss Sentinel"]
        {
            #expect(diagnosis.words("token").contains(claim))
        }
        #expect(diagnosis.words("lambda").contains("done: implemented"))
        let seen = try sandbox.statistics()
        #expect(seen.invocations.executed == 0)
        #expect(seen.deviationCount == 0, "\(seen.deviations)")
        #expect(seen.tokens.requested == 1)
    }

    @Test("Lines for people have their marks, and fit into 80 columns where words allow it")
    func text() async throws {
        let binary = try BuiltBinary()
        let port = try LoopbackHTTP.closedPort()
        try binary.write(JobFileText("http://127.0.0.1:\(port)").text, to: "job.yaml")
        let result = try await binary.run(["doctor", "job.yaml"])
        #expect(result.status == 3)
        #expect(result.lines.map { $0.prefix(1) }.filter { $0 != " " } == ["✓", "✓", "✗"])
        #expect(result.output.contains("    cause: ") && result.output.contains("    cure:  "))
        let embedded = try await binary.run(["doctor", "job.yaml", "--sandbox"])
        #expect(embedded.status == 0, "\(embedded.output)\(embedded.errors)")
        #expect(embedded.errors.isEmpty)
    }

    @Test("An invalid file: 2, with every place")
    func invalidFile() async throws {
        let diagnosis = try await Self.diagnose(JobFileText("http://127.0.0.1:1", "timeout: 30\nretries: 3"))
        #expect(diagnosis.status == 2)
        #expect(diagnosis.steps == ["job file failed"])
        #expect(diagnosis.words("job file").contains("unknown key 'retries'"))
    }

    @Test("Variables that are not set: 2, naming each")
    func unsetVariables() async throws {
        var job = JobFileText("http://127.0.0.1:1")
        job.accountID = "${LP_ACCOUNT_ID}"
        job.clientSecret = "${LP_CLIENT_SECRET}"
        let diagnosis = try await Self.diagnose(job)
        #expect(diagnosis.status == 2)
        #expect(diagnosis.steps == ["job file ok", "account failed"])
        for name in ["LP_ACCOUNT_ID", "LP_CLIENT_SECRET"] { #expect(diagnosis.words("account").contains(name)) }
    }

    @Test("An account that the Domain API does not know: 4")
    func unknownAccount() async throws {
        let sandbox = try await SandboxProcess.start(
            script: "accounts: { other1: { clientId: test-client, clientSecret: \(JobFileText.secret) } }")
        let diagnosis = try await Self.diagnose(JobFileText(sandbox.url))
        #expect(diagnosis.status == 4)
        #expect(diagnosis.steps.last == "hosts failed")
        #expect(diagnosis.words("hosts").contains("the account id is wrong"))
    }

    @Test("An account without Functions: 4")
    func noService() async throws {
        let sandbox = try await SandboxProcess.start(script: "domainApi: { hosts: { faasGW: null } }")
        let diagnosis = try await Self.diagnose(JobFileText(sandbox.url))
        #expect(diagnosis.status == 4)
        #expect(diagnosis.words("hosts").contains("Functions are not enabled"))
    }

    @Test("A Domain API with an outage: 3", arguments: ["500", "garbage", "reset"])
    func outage(fate: String) async throws {
        let sandbox = try await SandboxProcess.start(script: "domainApi: { then: \(fate) }")
        let diagnosis = try await Self.diagnose(JobFileText(sandbox.url))
        #expect(diagnosis.status == 3)
        #expect(diagnosis.steps.last == "hosts failed")
    }

    @Test("Wrong credentials: 4, without the secret")
    func wrongCredentials() async throws {
        let sandbox = try await SandboxProcess.start(
            script: "accounts: { \"12345678\": { clientId: test-client, clientSecret: right } }")
        let diagnosis = try await Self.diagnose(JobFileText(sandbox.url))
        #expect(diagnosis.status == 4)
        #expect(diagnosis.steps.last == "token failed")
        #expect(diagnosis.words("token").contains("LP_CLIENT_SECRET"))
        #expect(try sandbox.statistics().tokens.requested == 1)
    }

    @Test("A Sentinel with an outage: 3")
    func deadSentinel() async throws {
        let sandbox = try await SandboxProcess.start(script: "token: { then: 503 }")
        let diagnosis = try await Self.diagnose(JobFileText(sandbox.url))
        #expect(diagnosis.status == 3)
        #expect(diagnosis.steps.last == "token failed")
    }

    @Test("A gateway on a dead port is found before a token is asked for: 3")
    func deadGateway() async throws {
        let sandbox = try await SandboxProcess.start()
        var job = JobFileText(sandbox.url)
        job.endpoints = "gateway: http://127.0.0.1:\(try LoopbackHTTP.closedPort())"
        let diagnosis = try await Self.diagnose(job)
        #expect(diagnosis.status == 3)
        #expect(diagnosis.steps.suffix(2) == ["connection ok", "connection failed"])
        #expect(diagnosis.words("connection").contains("nobody listens there"))
        #expect(try sandbox.statistics().tokens.requested == 0)
    }

    @Test("A host that speaks no TLS: 3, with what a company's proxy has to do with it")
    func noTLS() async throws {
        let sandbox = try await SandboxProcess.start()
        let diagnosis = try await Self.diagnose(
            JobFileText(sandbox.url.replacingOccurrences(of: "http:", with: "https:")))
        #expect(diagnosis.status == 3)
        #expect(diagnosis.words("connection").contains("CURL_CA_BUNDLE"))
    }

    @Test("A proxy that is named by the environment is told of, its URL is not")
    func proxy() async throws {
        let port = try LoopbackHTTP.closedPort()
        let diagnosis = try await Self.diagnose(
            JobFileText("https://api.example.com"),
            environment: ["https_proxy": "http://user:\(JobFileText.secret)@127.0.0.1:\(port)", "no_proxy": nil])
        #expect(diagnosis.status == 3)
        #expect(diagnosis.words("connection").contains("the environment names a proxy: https_proxy"))
    }

    @Test("A function and an event that are not there: 1; --no-probe does not ask")
    func missingLambdas() async throws {
        let sandbox = try await SandboxProcess.start(script: "strict: true\nevents: {}")
        var job = JobFileText(sandbox.url)
        job.lambdas = ["done: { event: conversation_end }"]
        let diagnosis = try await Self.diagnose(job)
        #expect(diagnosis.status == 1)
        #expect(diagnosis.steps.suffix(2) == ["lambda failed", "lambda failed"])
        #expect(diagnosis.words("lambda").contains("no function implements this event"))
        let unasked = try await Self.diagnose(job, ["--no-probe"])
        #expect(unasked.status == 0 && unasked.steps.last == "token ok")
    }

    /// A platform whose answers a test decides.
    private static func platform(
        date: String, claims: String, question: (status: Int, body: String) = (405, "")
    ) throws -> LoopbackServer {
        let token = ["{\"alg\":\"RS256\"}", claims, "signature"].map {
            Data($0.utf8).base64EncodedString().replacingOccurrences(of: "+", with: "-")
                .replacingOccurrences(of: "/", with: "_").replacingOccurrences(of: "=", with: "")
        }.joined(separator: ".")
        let port = Port()
        let headers = ["Date: \(date)", "Content-Type: application/json"]
        let server = try LoopbackServer { connection in
            while let request = connection.readRequest() {
                if request.line.contains("/service/") {
                    connection.answer(headers: headers, body: #"{"baseURI":"127.0.0.1:\#(port.value)"}"#)
                } else if request.line.hasPrefix("POST") {
                    connection.answer(
                        headers: headers, body: #"{"access_token":"\#(token)","token_type":"Bearer"}"#)
                } else {
                    connection.answer(question.status, headers: headers, body: question.body)
                }
            }
        }
        port.value = server.port
        return server
    }

    /// Known only once the server is there.
    private final class Port: Sendable {
        private let number = Mutex<UInt16>(0)

        var value: UInt16 {
            get { number.withLock { $0 } }
            set { number.withLock { $0 = newValue } }
        }
    }

    private static let now = "Tue, 01 Jan 2030 00:00:00 GMT"
    private static let claims =
        #"{"aud":"12345678","azp":"c","scope":"faas.lambda.invoke","iss":"Sentinel","iat":1,"exp":3601}"#

    @Test("A clock that is off is a warning that says what minds and what does not")
    func skewedClock() async throws {
        let server = try Self.platform(date: "Sat, 01 Jan 2000 00:00:00 GMT", claims: Self.claims)
        let diagnosis = try await Self.diagnose(JobFileText(server.url("")))
        #expect(diagnosis.status == 0)
        #expect(diagnosis.steps.contains("clock warning"))
        #expect(diagnosis.words("clock").contains("ahead of the servers'"))
        #expect(diagnosis.words("clock").contains("tokens do not mind, but schedules"))
    }

    @Test(
        "A token of another account, or without the scope, is a warning",
        arguments: [("aud\":\"99", "is for another account"), ("scope\":\"openid", "lacks the scope")])
    func claims(change: String, words: String) async throws {
        let name = change.prefix(while: { $0 != "\"" })
        let old = name == "aud" ? "aud\":\"12345678" : "scope\":\"faas.lambda.invoke"
        let server = try Self.platform(
            date: Self.now, claims: Self.claims.replacingOccurrences(of: old, with: change))
        let diagnosis = try await Self.diagnose(JobFileText(server.url("")))
        #expect(diagnosis.steps.contains("token warning"))
        #expect(diagnosis.words("token").contains(words))
        #expect(diagnosis.words("token").contains("by this clock it is past"))
    }

    @Test(
        "What the gateway says of a function",
        arguments: [
            (401, "", 4, "failed", "rejected the token"), (403, "", 1, "failed", "faas.lambda.invoke"),
            (404, #"{"errorCode":"com.liveperson.faas.es.notdeployed"}"#, 1, "failed", "notdeployed"),
            (500, "", 0, "warning", "cannot be told"), (200, "{}", 0, "warning", "cannot be told"),
        ] as [(Int, String, Int32, String, String)])
    func questions(status: Int, body: String, exit: Int32, state: String, words: String) async throws {
        let server = try Self.platform(date: Self.now, claims: Self.claims, question: (status, body))
        let diagnosis = try await Self.diagnose(JobFileText(server.url("")))
        #expect(diagnosis.status == exit)
        #expect(diagnosis.steps.last == "lambda \(state)")
        #expect(diagnosis.words("lambda").contains(words))
        #expect(!server.requests.contains { $0.line.hasPrefix("POST") && $0.line.contains("/invoke") })
    }
}
