import JSONText
import JobModel
import NIOCore
import Synchronization

extension LocalPlatform {
    /// The Domain API: where the services of an account are.
    func lookUp(_ request: PlatformRequest, account: String, service: String?, query: FormFields) -> Answer {
        var checks = RequestChecks()
        checks.common(request, query: query, authorities: authorities)
        checks.method(request, is: "GET")
        checks.account(account)
        checks.query(query, only: "version", is: "1.0", isRequired: true)
        if request.fields.authorization != nil {
            checks.findings.note(.header, "Authorization is sent to the Domain API, which takes none")
        }
        if request.body.readableBytes > 0 { checks.findings.note(.body, "a GET request has a body") }
        let findings = checks.findings
        let now = time.wallNow()
        return state.withLock { state in
            state.count(.domainAPI)
            state.note(findings, endpoint: .domainAPI, at: now)
            var answer = hosts(account: account, service: service, findings: findings, state: &state)
            if answer.latency == .zero, let latency = script.domainAPI.answers.latency {
                answer.latency = latency.duration(for: state.random.next())
            }
            state.count(answer)
            return answer
        }
    }

    private func hosts(
        account: String, service: String?, findings: Findings, state: inout PlatformState
    ) -> Answer {
        if let refusal = findings.refusal {
            var answer = self.refusal(refusal.status, message: refusal.message)
            if refusal.status == 405 { answer.allow = "GET" }
            return answer
        }
        let fate = script.domainAPI.answers.fate(step: state.nextDomainStep())
        guard fate.isSuccess || fate.kind == .torn else { return failure(fate, state: &state) }
        guard script.accounts.isEmpty || script.accounts[account] != nil else {
            return refusal(400, message: "There is no account \(account)")
        }
        var answer = fate.isSuccess ? Answer(status: fate.status) : failure(fate)
        answer.body = .bytes(JSONWriter.bytes(of: addresses(account: account, service: service)))
        if let latency = fate.latency { answer.latency = latency.duration(for: state.random.next()) }
        return answer
    }

    private func addresses(account: String, service: String?) -> JSONValue {
        let entries = ["faasGW", "sentinel"].compactMap { name -> JSONValue? in
            guard service == nil || service == name else { return nil }
            let host: String
            if let scripted = script.domainAPI.hosts[name] {
                guard let scripted else { return nil }
                host = scripted
            } else {
                host = authorities[0]
            }
            return ["service": .string(name), "account": .string(account), "baseURI": .string(host)]
        }
        if service == nil { return ["baseURIs": .array(entries)] }
        return entries.first ?? []
    }

    /// A failure with its own latency.
    func failure(_ fate: Fate, state: inout PlatformState) -> Answer {
        var answer = failure(fate)
        if let latency = fate.latency { answer.latency = latency.duration(for: state.random.next()) }
        return answer
    }
}

extension Fate {
    /// The status of a success.
    var status: Int {
        if case .status(let status) = kind { status } else { 200 }
    }
}
