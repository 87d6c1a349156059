import JSONText
import JobModel
import NIOCore
import Synchronization

extension LocalPlatform {
    /// Sentinel's token endpoint: OAuth 2.0 client credentials (RFC 6749, section 4.4).
    func token(_ request: PlatformRequest, account: String, isNewForm: Bool, query: FormFields) -> Answer {
        var checks = RequestChecks()
        checks.common(request, query: query, authorities: authorities)
        checks.method(request, is: "POST")
        checks.account(account)
        checks.query(query, only: "v", is: "2.0", isRequired: !isNewForm)
        if !request.fields.hasContentType("application/x-www-form-urlencoded") {
            checks.findings.refuse(400, .contentType, "the content type is not application/x-www-form-urlencoded")
        }
        if request.fields.authorization != nil {
            checks.findings.note(.header, "Authorization is sent to the token endpoint; credentials go into the form")
        }
        let form = request.body.withUnsafeReadableBytes { FormFields($0.bindMemory(to: UInt8.self)) }
        Self.check(form, &checks.findings)
        let findings = checks.findings
        let wall = time.wallNow()
        let now = time.monotonicNow()
        return state.withLock { state in
            state.count(.token)
            state.note(findings, endpoint: .token, at: wall)
            var answer = grant(account: account, form: form, findings: findings, wall: wall, now: now, state: &state)
            if answer.latency == .zero, let latency = script.token.answers.latency {
                answer.latency = latency.duration(for: state.random.next())
            }
            state.count(answer)
            return answer
        }
    }

    private static func check(_ form: FormFields, _ findings: inout Findings) {
        if !form.isWellFormed { findings.refuse(400, .form, "the form is not percent-encoded") }
        for name in ["grant_type", "client_id", "client_secret"] {
            switch form.count(of: name) {
            case 0: findings.refuse(400, .form, "the form lacks \(name)")
            case 1:
                if form[name]?.isEmpty == true { findings.refuse(400, .form, "\(name) is empty") }
            default: findings.refuse(400, .form, "\(name) stands twice in the form")
            }
        }
        if let type = form["grant_type"], !type.isEmpty, type != "client_credentials" {
            findings.refuse(400, .form, "grant_type is not client_credentials")
        }
        let known = ["grant_type", "client_id", "client_secret"]
        if form.fields.contains(where: { !known.contains($0.name) }) {
            findings.note(.form, "the form has fields that the endpoint does not know")
        }
    }

    private func grant(
        account: String, form: FormFields, findings: Findings, wall: Timestamp, now: MonotonicInstant,
        state: inout PlatformState
    ) -> Answer {
        if let refusal = findings.refusal {
            let body = ErrorBody.oauth(error: "invalid_request", description: refusal.message)
            return Answer(
                status: refusal.status, body: .bytes(body), allow: refusal.status == 405 ? "POST" : nil)
        }
        let fate = script.token.answers.fate(step: state.nextTokenStep())
        guard fate.isSuccess || fate.kind == .torn else { return failure(fate, state: &state) }
        let clientID = form["client_id"] ?? ""
        guard accepts(clientID: clientID, secret: form["client_secret"] ?? "", account: account) else {
            state.credentialsRejected += 1
            let body = ErrorBody.oauth(error: "invalid_client", description: "Client authentication failed")
            return Answer(status: 401, body: .bytes(body))
        }
        let token = state.tokens.issue(
            account: account, clientID: clientID, script: script.token, wall: wall, now: now, random: &state.random)
        state.tokensIssued += 1
        var answer = fate.isSuccess ? Answer(status: fate.status) : failure(fate)
        answer.body = .bytes(tokenBody(token))
        if let latency = fate.latency { answer.latency = latency.duration(for: state.random.next()) }
        return answer
    }

    private func accepts(clientID: String, secret: String, account: String) -> Bool {
        if script.accounts.isEmpty { return true }
        guard let credentials = script.accounts[account] else { return false }
        return credentials.clientID == clientID && credentials.clientSecret.reveal() == secret
    }

    private func tokenBody(_ token: String) -> [UInt8] {
        var members: [JSONObject.Member] = [("access_token", .string(token)), ("token_type", "Bearer")]
        let seconds = Int(script.token.lifetime.components.seconds)
        switch script.token.expiresIn {
        case .string: members.append(("expires_in", .string("\(seconds)")))
        case .number: members.append(("expires_in", .number(JSONNumber(seconds))))
        case .absent: break
        }
        return JSONWriter.bytes(of: .object(JSONObject(uniqueMembers: members)))
    }
}
