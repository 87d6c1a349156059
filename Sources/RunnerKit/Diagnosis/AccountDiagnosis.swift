internal import HTTPEngine
internal import JobModel
internal import LivePerson

/// Goes the way of a run, one step after another, up to where it would invoke a function.
struct AccountDiagnosis: Sendable {
    let account: Account
    /// Functions and events by the name to show.
    let lambdas: [(name: String, target: LambdaTarget)]
    /// Of each connection and request.
    let timeout: Duration
    let transport: any HTTPTransport
    let connections: ConnectionProbe
    let time: any TimeSource
    let environment: [String: String]
    /// Takes each step as it is done.
    let tell: @Sendable (DiagnosisStep) throws(CommandFailure) -> Void

    private var checkup: AccountCheckup { AccountCheckup(account: account, timeout: timeout) }

    private struct Hosts {
        var sentinel: Endpoint
        var gateway: Endpoint
        var clockAhead: Duration?
    }

    /// Ends at the first step that the next ones need and that failed.
    func perform() async throws(CommandFailure) {
        guard var hosts = try await findHosts() else { return }
        var bases = [("authorization server", hosts.sentinel.base)]
        if hosts.gateway.base != hosts.sentinel.base { bases.append(("gateway", hosts.gateway.base)) }
        var isReachable = true
        for (role, base) in bases { isReachable = try await connect(to: base, role: role) && isReachable }
        guard isReachable else { return }
        var request = checkup.tokenRequest(from: hosts.sentinel)
        request.wantsHeaders = true
        let end = await HTTPExchange.end(of: request, over: transport)
        hosts.clockAhead = clockAhead(by: end) ?? hosts.clockAhead
        try tell(.clock(ahead: hosts.clockAhead))
        let answer = checkup.readToken(end, wallNow: time.wallNow())
        try tell(.token(answer, of: account, latency: end.latency, now: time.wallNow()))
        guard case .granted(let token, _) = answer else { return }
        for (name, target) in lambdas {
            let question = checkup.question(about: target, gateway: hosts.gateway, token: token)
            let end = await HTTPExchange.end(of: question, over: transport)
            var isEvent = false
            if case .event = target.address { isEvent = true }
            try tell(.lambda(name, checkup.readQuestion(end, about: target, token: token), isEvent: isEvent))
        }
    }

    private func findHosts() async throws(CommandFailure) -> Hosts? {
        let fixed = (account.endpoints.sentinel, account.endpoints.gateway)
        if case (let sentinel?, let gateway?) = fixed {
            let hosts = Hosts(sentinel: Endpoint(baseURL: sentinel), gateway: Endpoint(baseURL: gateway))
            let platform = hosts.gateway.platform(setting: account.platform)
            try tell(.fixedHosts(sentinel: hosts.sentinel, gateway: hosts.gateway, platform: platform))
            return hosts
        }
        guard try await connect(to: account.endpoints.domainAPI, role: "Domain API") else { return nil }
        var found: [Service: Endpoint] = [:]
        found[.sentinel] = fixed.0.map(Endpoint.init(baseURL:))
        found[.gateway] = fixed.1.map(Endpoint.init(baseURL:))
        var lookups: [DiagnosisStep.Lookup] = []
        var ahead: Duration?
        for service in [Service.sentinel, .gateway] where found[service] == nil {
            var request = checkup.lookup(service)
            request.wantsHeaders = true
            let end = await HTTPExchange.end(of: request, over: transport)
            ahead = clockAhead(by: end) ?? ahead
            let answer = checkup.readLookup(end, of: service, wallNow: time.wallNow())
            if case .found(let endpoint) = answer { found[service] = endpoint }
            lookups.append(
                DiagnosisStep.Lookup(service: service, url: request.url, answer: answer, latency: end.latency))
        }
        try tell(.hosts(of: account, lookups: lookups))
        guard let sentinel = found[.sentinel], let gateway = found[.gateway] else { return nil }
        return Hosts(sentinel: sentinel, gateway: gateway, clockAhead: ahead)
    }

    /// Whether there is a connection.
    private func connect(to url: String, role: String) async throws(CommandFailure) -> Bool {
        let report = await connections.connect(to: url, timeout: timeout)
        try tell(
            .connection(to: url, role: role, report: report, proxy: proxyVariable(for: url), now: time.wallNow()))
        return report.failure == nil
    }

    /// The variable that names a proxy for such a URL (libcurl-env(3)); what it holds may be a secret. This machine is
    /// never reached by a proxy.
    private func proxyVariable(for url: String) -> String? {
        guard HostName(Endpoint(baseURL: url).host)?.isLoopback != true else { return nil }
        let isPlain = url.lowercased().hasPrefix("http://")
        let names = isPlain ? ["http_proxy"] : ["https_proxy", "HTTPS_PROXY"]
        return (names + ["all_proxy", "ALL_PROXY"]).first { environment[$0]?.isEmpty == false }
    }

    /// This clock at about the time of an answer, less the answer's own: half of the exchange after its start.
    private func clockAhead(by end: HTTPEnd) -> Duration? {
        let here = end.startedAt + end.latency / 2
        return end.date(now: here).map { here - $0 }
    }
}
