import JSONText
import JobFile
import JobModel
import Templating
import Testing

@Suite struct JobFileReaderTests {
    private static let whole = """
        version: 1
        account:
          id: ${LP_ACCOUNT_ID}
          clientId: ${LP_CLIENT_ID}
          clientSecret: ${LP_CLIENT_SECRET}
          platform: v2
          endpoints:
            domainApi: https://api.liveperson.net
            sentinel: https://va.sentinel.liveperson.net/
            gateway: http://127.0.0.1:8123
        vars: { tenant: emea, big: 12345678901234567890, hex: 0x1F, half: .5, "no": no }
        defaults: { timeout: 20s, concurrency: 4, rate: 5/s, retry: { maxAttempts: 2, jitter: none }, record: { \
        request: true } }
        lambdas:
          syncCustomer: 6f91f192-c1df-40e0-94f9-8765fd70fd02
          onConversationEnd: { event: controllerbot_messaging_conversation_end, skillId: "4129" }
          sendMail: { uuid: c521cadf-d444-4519-ad11-1c1111114415, idempotent: true, concurrency: 4, rate: 20/s,
                      timeout: 9s, retry: { maxAttempts: 7, codes: [x.y] }, externalSystem: crm, skillId: 12 }
        jobs:
          nightly-sync:
            description: Copy yesterday's customers
            lambda: sendMail
            input: { file: data/customers.csv.gz, key: "{{ row.id }}", delimiter: ";", header: false }
            payload: { id: "{{ row.id | int }}", name: "{{ row.name }}", day: "{{ run.nominalTime | minus: '1d' \
        | date: '%Y-%m-%d' }}" }
            headers: { X-Tenant: "{{ vars.tenant }}", X-Level: 7 }
            userId: "user-{{ index }}"
            concurrency: 16
            rate: 50/s
            deadline: 1h30m
            connectTimeout: 3s
            adaptive: false
            retry: { unknown: true, statuses: [404], never: [500, 502], initialInterval: 1s, backoffCoefficient: 1.5 }
            tolerate: 1%
            output: out/{{ run.id }}.jsonl
            record: { response: false, maxResponse: 1MB }
          plain:
            lambda: onConversationEnd
            input: { items: [{ a: 1 }, x, 0o17, null] }
            rate: null
        """
    private static let environment = [
        "LP_ACCOUNT_ID": "12345678", "LP_CLIENT_ID": "null", "LP_CLIENT_SECRET": "0x1F",
    ]

    @Test func readsEverything() throws {
        let result = load(Self.whole, environment: Self.environment, lenient: false)
        #expect(rendered(result) == "")
        let document = try #require(result.document)
        #expect(document.version == 1)
        #expect(document.accountID == "12345678")
        let account = try #require(document.account)
        #expect(account.id == "12345678")
        #expect(account.clientID == "null")
        #expect(account.clientSecret.reveal() == "0x1F")
        #expect(account.platform == .v2)
        #expect(account.endpoints.sentinel == "https://va.sentinel.liveperson.net")
        #expect(account.endpoints.gateway == "http://127.0.0.1:8123")
        #expect(document.vars["big"]?.numberValue?.text == "12345678901234567890")
        #expect(document.vars["hex"]?.numberValue?.text == "31")
        #expect(document.vars["half"]?.numberValue?.text == "0.5")
        #expect(document.vars["no"]?.stringValue == "no")
        #expect(document.lambdas.map(\.name) == ["syncCustomer", "onConversationEnd", "sendMail"])
        #expect(document.jobs.map(\.name) == ["nightly-sync", "plain"])
        #expect(document.resolve("out/x") == "jobs/out/x")
    }

    @Test func mergesDefaultsLambdaAndJob() throws {
        let document = try #require(load(Self.whole, environment: Self.environment).document)
        let job = try #require(document.job(named: "nightly-sync"))
        #expect(job.lambda == "sendMail")
        #expect(
            job.target
                == LambdaTarget(
                    address: .uuid("c521cadf-d444-4519-ad11-1c1111114415"), skillID: "12", externalSystem: "crm"))
        let policy = job.policy
        #expect(policy.timeout == .seconds(9))
        #expect(policy.connectTimeout == .seconds(3))
        #expect(policy.deadline == .seconds(5400))
        #expect(policy.concurrency == 16)
        #expect(policy.rate?.perSecond == 50)
        #expect(!policy.adaptive)
        #expect(policy.idempotent)
        #expect(policy.tolerate == .percent(1))
        #expect(policy.lambdaConcurrency == 4)
        #expect(policy.lambdaRate?.perSecond == 20)
        var retry = RetryPolicy()
        retry.maxAttempts = 7
        retry.jitter = .none
        retry.codes = ["x.y"]
        retry.unknown = true
        retry.statuses = [404]
        retry.never = [500, 502]
        retry.initialInterval = .seconds(1)
        retry.backoffCoefficient = 1.5
        #expect(policy.retry == retry)
        var record = RecordPolicy()
        record.request = true
        record.response = false
        record.maxResponse = 1_000_000
        #expect(job.record == record)
        #expect(job.description == "Copy yesterday's customers")
        #expect(job.location == Place(line: 19, column: 3, length: 12))
        #expect(job.headers.map(\.name) == ["X-Tenant", "X-Level"])
        #expect(job.input.hasHeader == false && job.input.delimiter == ";" && job.input.format == nil)
        #expect(job.input.key != nil)
        guard case .file("data/customers.csv.gz", "jobs/data/customers.csv.gz") = job.input.source else {
            Issue.record("unexpected source \(job.input.source)")
            return
        }
    }

    @Test func fillsInWhatIsLeftOut() throws {
        let document = try #require(load(Self.whole, environment: Self.environment).document)
        let job = try #require(document.job(named: "plain"))
        #expect(job.target.address == .event("controllerbot_messaging_conversation_end"))
        #expect(job.policy.rate == nil)
        #expect(job.policy.timeout == .seconds(20))
        #expect(job.policy.concurrency == 4)
        #expect(job.policy.connectTimeout == .seconds(10))
        #expect(job.userID.constantText == "fnrun")
        #expect(!job.output.isConstant && !job.scheduledOutput.isConstant)
        #expect(job.headers.isEmpty)
        #expect(job.payload.use.roots == [.row])
        guard case .items(let items) = job.input.source else {
            Issue.record("unexpected source \(job.input.source)")
            return
        }
        #expect(items.map { JSONWriter.text(of: $0) } == [#"{"a":1}"#, #""x""#, "15", "null"])
        let bare = try onlyJob("")
        #expect(bare.policy == RunPolicy())
        #expect(bare.record == RecordPolicy())
        #expect(bare.lambda == someUUID)
        guard case .none = bare.input.source else {
            Issue.record("unexpected source \(bare.input.source)")
            return
        }
    }

    @Test func mergesHeadersByName() throws {
        let job = try onlyJob(
            "headers: { B: own, C: true }", extra: "defaults: { headers: { A: x, B: y }, userId: me }\n")
        #expect(job.headers.map { "\($0.name)=\($0.value.constantText ?? "?")" } == ["A=x", "B=own", "C=true"])
        #expect(job.userID.constantText == "me")
    }

    @Test func takesVariablesFromTheCommandLine() throws {
        let text = file(job: "payload: \"{{ vars.n }}\"", extra: "vars: { n: 1, m: 2 }\n")
        let result = load(text, set: ["n": "0x10", "m": "yes"])
        #expect(result.document?.vars["n"]?.numberValue?.text == "16")
        #expect(result.document?.vars["m"]?.stringValue == "yes")
        #expect(result.document?.vars.members.map(\.key) == ["n", "m"])
        #expect(
            brief(load(text, set: ["k": "1"])) == [
                "unused-variable --set k: the file has no such variable (variables: m, n)"
            ])
        #expect(load(text, set: ["k": "1"]).document != nil)
        #expect(brief(load(text, set: ["n": ".nan"])) == ["bad-number --set n: JSON has no such number"])
        #expect(load(file(job: "payload: \"{{ vars.late }}\""), set: ["late": "x"]).diagnostics.isEmpty)
    }

    @Test func typesSubstitutedScalars() throws {
        let environment = ["N": "16", "T": "true", "S": "a: b", "M": "{x: 1}", "Z": "007"]
        let job = try onlyJob(
            "concurrency: ${N}\nadaptive: ${T}\ntimeout: ${TIMEOUT:-7s}\npayload: [\"${N}\", '${T}', \"${S}\"]",
            environment: environment)
        #expect(job.policy.concurrency == 16)
        #expect(job.policy.timeout == .seconds(7))
        let vars =
            "vars:\n  a: ${N}\n  b: '${N}'\n  c: ${S}\n  d: ${M}\n  e: x${N}\n  f: $$N\n  g: ${NO:-}\n  h: ${Z}\n"
        let document = try #require(load(file(job: "", extra: vars), environment: environment).document)
        let shown = JSONWriter.text(of: .object(document.vars))
        #expect(shown == #"{"a":16,"b":"16","c":"a: b","d":"{x: 1}","e":"x16","f":"$N","g":null,"h":7}"#)
    }

    @Test func substitutesKeys() {
        let document = load(file(job: "", extra: "vars: { \"${A}_x\": 1 }\n"), environment: ["A": "k"]).document
        #expect(document?.vars["k_x"]?.intValue == 1)
        let twice = load(file(job: "", extra: "vars:\n  \"${A}\": 1\n  k: 2\n"), environment: ["A": "k"])
        #expect(
            brief(twice) == [
                "4:3 duplicate-key duplicate key 'k': it is given at line 3, column 3 already (remove one of the two)"
            ])
    }

    @Test func sharesSettingsThroughAnchors() throws {
        let text = """
            version: 1
            jobs:
              a: &base { lambda: \(someUUID), concurrency: 3, timeout: 1s }
              b: { <<: *base, concurrency: 5 }
            """
        let jobs = try #require(load(text).document?.jobs)
        #expect(jobs.map(\.policy.concurrency) == [3, 5])
        #expect(jobs.map(\.policy.timeout) == [.seconds(1), .seconds(1)])
    }
}

@Suite struct LeniencyTests {
    /// The platform takes any payload but null: each row says so, and so does the file.
    @Test func aNullPayloadIsAWarningAndNoError() {
        let result = load(file(job: "payload: null"))
        #expect(result.document?.jobs.count == 1)
        #expect(result.diagnostics.map(\.severity) == [.warning])
        #expect(result.diagnostics.first?.message.contains("null payload") == true)
    }

    @Test func theFormatOfACommandLineMakesUpForAName() {
        let text = file(job: "input: { file: rows.txt }")
        #expect(load(text).document == nil)
        var options = JobFileOptions(environment: [:], lenientAccount: true)
        options.formatIsGiven = true
        #expect(JobFileLoader.load(path: "job.yaml", bytes: Array(text.utf8), options: options).document != nil)
    }
}
