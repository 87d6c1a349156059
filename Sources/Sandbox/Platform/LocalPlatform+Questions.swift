import JobModel
import Synchronization

extension LocalPlatform {
    /// What a client may ask of the gateway by GET, which runs nothing (RFC 9110, section 9.2.1): whether functions
    /// implement an event, and a function's invocation path, which takes no GET.
    func answerQuestion(_ request: PlatformRequest, route: Route, query: FormFields) -> Answer {
        var checks = RequestChecks()
        checks.common(request, query: query, authorities: authorities)
        checks.method(request, is: "GET")
        checks.questionQuery(query, isV2: script.isV2)
        let endpoint: Endpoint
        let account: String
        let answer: Answer
        switch route {
        case .function(let id, let function):
            (endpoint, account) = (.invoke, id)
            answer =
                functions.function(function) == nil
                ? refusal(404, message: "there is no function for \(function.text)") : notAllowed()
        case .implementation(let id, let event):
            (endpoint, account) = (.event, id)
            checks.eventID(event)
            let isImplemented = !functions.implementations(of: event).isEmpty
            answer = Answer(status: 200, body: .bytes(Array("{\"implemented\":\(isImplemented)}".utf8)))
        case .malformedFunction, .event, .service, .services, .token, .statistics, .reset, .unknown:
            return refusal(404)
        }
        checks.account(account)
        let token = request.fields.bearerToken
        if token == nil { checks.findings.refuse(401, .authorization, "Authorization is not Bearer and a token") }
        let findings = checks.findings
        let (wall, now) = (time.wallNow(), time.monotonicNow())
        return state.withLock { state in
            state.count(endpoint)
            state.note(findings, endpoint: endpoint, at: wall)
            var given = answer
            if let found = findings.refusal {
                given = refusal(found.status, message: found.message)
            } else if let token {
                let verdict = state.tokens.check(token, account: account, script: script.token, now: now)
                if case .accepted = verdict {} else { given = refusal(401, message: "the token is not accepted") }
            }
            state.count(given)
            return given
        }
    }

    private func notAllowed() -> Answer {
        var answer = refusal(405)
        answer.allow = "POST"
        return answer
    }
}
