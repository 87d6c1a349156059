import JSONText
package import JobModel

/// Asks an account's services one by one, with the requests and the readers of a gateway, for people who want to know
/// why something does not work.
package struct AccountCheckup: Sendable {
    /// What is known of a function without running it.
    package enum FunctionFinding: Sendable, Hashable {
        /// The gateway takes the token and knows the path; whether there is such a function it did not tell.
        case taken(status: Int)
        /// Functions implement the event.
        case implemented
        /// There is no such function, or none that is deployed; for an event, none that implements it.
        case missing(String)
        case unauthorized(String)
        case forbidden(String)
        /// An answer from which nothing follows.
        case untold(String)
        /// No answer.
        case unreachable(TransportFailure)
    }

    private let account: Account
    private let requests: ControlRequests
    private let mask: SecretMask

    /// - Parameter timeout: of one request, connecting included.
    package init(account: Account, timeout: Duration) {
        self.account = account
        requests = ControlRequests(account: account, timeout: timeout, connectTimeout: timeout)
        mask = SecretMask(account.clientSecret)
    }

    package func lookup(_ service: Service) -> HTTPRequest {
        requests.lookup(service, id: 1)
    }

    package func readLookup(_ end: HTTPEnd, of service: Service, wallNow: Timestamp) -> HostAnswer {
        HostAnswerReader(accountID: account.id, domainAPI: account.endpoints.domainAPI)
            .read(end, of: service, wallNow: wallNow)
    }

    package func tokenRequest(from sentinel: Endpoint) -> HTTPRequest {
        requests.token(from: sentinel, id: 1)
    }

    package func readToken(_ end: HTTPEnd, wallNow: Timestamp) -> TokenAnswer {
        TokenAnswerReader(account: account).read(end, wallNow: wallNow)
    }

    /// A request that asks for a function without running it.
    ///
    /// For an event, the gateway's own question: `GET …/events/{event}/isImplemented`, which LivePerson's client for
    /// Node asks too. For a function there is no such question for OAuth 2.0 clients: its invocation path is asked for
    /// by GET, which HTTP defines as safe (RFC 9110, section 9.2.1) and the platform refuses with 405.
    package func question(about target: LambdaTarget, gateway: Endpoint, token: Secret) -> HTTPRequest {
        let platform = gateway.platform(setting: account.platform)
        let route = InvocationRoute(target: target, accountID: account.id, gateway: gateway, platform: platform)
        var url = route.url(userID: "fnrun")
        if case .event = target.address { url = url.replacing("/invoke?", with: "/isImplemented?", maxReplacements: 1) }
        var headers = [(name: "Authorization", value: "Bearer \(token.reveal())")]
        if let source = route.eventSource { headers.append((name: "LP-EventSource", value: source)) }
        return HTTPRequest(
            id: 1, method: .get, url: url, headers: headers, timeout: requests.timeout,
            connectTimeout: requests.connectTimeout, wantsHeaders: true)
    }

    package func readQuestion(_ end: HTTPEnd, about target: LambdaTarget, token: Secret) -> FunctionFinding {
        switch end.result {
        case .notSent(let failure), .unknown(let failure): return .unreachable(failure)
        case .tooLarge(let status): return .untold("status \(status) with a large body")
        case .cancelled: return .untold("the question was called off")
        case .response(let status, _, let body):
            let words = words(status: status, body: body, token: token)
            if case .event = target.address, (200..<300).contains(status) {
                switch (try? JSONParser.parse(body))?["implemented"]?.boolValue {
                case true?: return .implemented
                case false?: return .missing("no function implements this event")
                case nil: return .untold(words)
                }
            }
            switch status {
            case 401: return .unauthorized(words)
            case 403: return .forbidden(words)
            case 404: return .missing(words)
            case 405: return .taken(status: status)
            default: return .untold(words)
            }
        }
    }

    private func words(status: Int, body: [UInt8], token: Secret) -> String {
        let answer = AnswerReader.read(
            status: status, headers: [], body: body, isEvent: false, keepsHeaders: false,
            wallNow: Timestamp(microseconds: 0))
        let message = answer.error.map { ": \($0.message)" } ?? ""
        return "status \(status)\(SecretMask(echoed: token).masked(mask.masked(message)))"
    }
}

extension HTTPEnd {
    /// What the answer's `Date` says (RFC 9110, section 6.6.1), to the second; nil if it has none.
    ///
    /// - Parameter now: for the century of an old form.
    package func date(now: Timestamp) -> Timestamp? {
        guard case .response(_, let headers, _) = result,
            let text = headers.first(where: { $0.name == "date" })?.value
        else { return nil }
        return HTTPDate.read(text, now: now)
    }
}
