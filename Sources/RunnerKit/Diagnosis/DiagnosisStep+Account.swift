internal import JobModel
internal import LivePerson

extension DiagnosisStep {
    /// Clocks that differ by more are worth a warning; a `Date` counts whole seconds.
    private static let tolerableSkew = Duration.seconds(5)

    /// What the Domain API said of an account's services.
    static func hosts(of account: Account, lookups: [Lookup]) -> DiagnosisStep {
        let summary = "those of account \(account.id)"
        var details: [String] = []
        for lookup in lookups {
            let time = text(lookup.latency)
            switch lookup.answer {
            case .found(let endpoint):
                var platform = ""
                if lookup.service == .gateway {
                    platform = " (platform \(endpoint.platform(setting: account.platform).rawValue))"
                }
                details.append("\(lookup.service.rawValue): \(endpoint.base)\(platform), \(time)")
            case .refused(let reason), .failed(let reason, _):
                details.append("\(lookup.service.rawValue): \(reason)")
            }
            details.append(lookup.url)
        }
        for case .refused(let reason) in lookups.map(\.answer) {
            return .failed(
                "hosts", .refused, summary, details: details,
                cause: reason.contains("has no service")
                    ? "LivePerson Functions are not enabled for this account, or it is another account"
                    : "the account id is wrong: the Domain API answers 400 or 401 to those it does not know",
                cure: "check account.id (LP_ACCOUNT_ID); LivePerson's team enables Functions")
        }
        for case .failed in lookups.map(\.answer) {
            return .failed(
                "hosts", .unreachable, summary, details: details,
                cause: "the Domain API has an outage, or something in between answers in its place",
                cure: "try again later; ask the URL above by hand: curl -i URL")
        }
        return .good("hosts", summary, details: details)
    }

    /// Hosts that the job file gives.
    static func fixedHosts(sentinel: Endpoint, gateway: Endpoint, platform: Platform) -> DiagnosisStep {
        .good(
            "hosts", "given by the file, nothing is looked up",
            details: ["sentinel: \(sentinel.base)", "faasGW: \(gateway.base) (platform \(platform.rawValue))"])
    }

    struct Lookup: Sendable {
        var service: Service
        var url: String
        var answer: HostAnswer
        var latency: Duration
    }

    /// This clock against that of an answer.
    ///
    /// - Parameter ahead: how far this clock is ahead; nil if no answer told the time.
    static func clock(ahead: Duration?) -> DiagnosisStep {
        guard let ahead else {
            return .warning("clock", "cannot be told: no answer had a Date")
        }
        guard ahead > tolerableSkew || ahead < .zero - tolerableSkew else {
            return .good("clock", "agrees with the servers' to a few seconds")
        }
        let size = wholeSeconds(ahead > .zero ? ahead : .zero - ahead)
        return .warning(
            "clock", "this clock is \(size) \(ahead > .zero ? "ahead of" : "behind") the servers'",
            cause: "no time synchronisation (NTP), or a machine that was suspended",
            cure: "synchronise it: tokens do not mind, but schedules fire by this clock, and TLS fails if it is far off"
        )
    }

    /// What Sentinel said to a token request.
    static func token(_ answer: TokenAnswer, of account: Account, latency: Duration, now: Timestamp) -> DiagnosisStep {
        switch answer {
        case .granted(let token, let lifetime):
            return granted(token, lifetime: lifetime, of: account, latency: latency, now: now)
        case .refused(let reason):
            return .failed(
                "token", .refused, reason,
                cause: "client id or secret are wrong, were revoked, or are of another account",
                cure: "check LP_CLIENT_ID and LP_CLIENT_SECRET, or ask LivePerson for new ones (app-installation.json)")
        case .failed(let reason, _, let isSilent):
            return .failed(
                "token", .unreachable, reason,
                cause: isSilent
                    ? "the authorization server is out, or a firewall is in between" : "Sentinel has an outage",
                cure: "try again later; a running fnrun waits for it")
        }
    }

    private static func granted(
        _ token: Secret, lifetime: Duration?, of account: Account, latency: Duration, now: Timestamp
    ) -> DiagnosisStep {
        let life = lifetime.map { "lives \($0.durationText)" } ?? "of unknown lifetime"
        let summary = "issued in \(text(latency)), \(life)"
        guard let claims = TokenClaims(token: token.reveal()) else {
            return .good("token", summary, details: ["opaque: it tells nothing of itself"])
        }
        var details = [
            "aud (account) \(shown(claims.audience)), azp (client) \(shown(claims.authorizedParty.map { [$0] } ?? []))",
            "scope \(shown(claims.scopes)), iss \(shown(claims.issuer.map { [$0] } ?? []))",
        ]
        let times = [("iat", claims.issuedAt), ("exp", claims.expiresAt)].map { name, time in
            "\(name) \(time?.rfc3339(fractionDigits: 0) ?? "none")"
        }
        details.append(times.joined(separator: ", "))
        if let end = claims.expiresAt {
            details.append(
                end > now ? "by this clock it has \(wholeSeconds(end - now)) left" : "by this clock it is past")
        }
        if !claims.audience.isEmpty, !claims.audience.contains(account.id) {
            return .warning(
                "token", summary, details: details, cause: "the token is for another account than \(account.id)",
                cure: "use the client of this account, or check account.id")
        }
        if !claims.scopes.contains("faas.lambda.invoke") {
            return .warning(
                "token", summary, details: details,
                cause: "the token lacks the scope faas.lambda.invoke: the gateway will answer 403",
                cure: "ask LivePerson to install the app with that scope (app-installation.json)")
        }
        return .good("token", summary, details: details)
    }

    private static func wholeSeconds(_ duration: Duration) -> String {
        Duration.seconds(duration.components.seconds).durationText
    }

    /// Texts of a claim, which may be anything: short, on one line.
    private static func shown(_ texts: [String]) -> String {
        guard !texts.isEmpty else { return "none" }
        let text = texts.joined(separator: " ")
        return String(text.unicodeScalars.prefix(80).map { $0.value < 0x20 ? " " : Character($0) })
    }

    /// What the gateway said of a function, or of an event.
    ///
    /// - Parameter isEvent: it names an event.
    static func lambda(_ name: String, _ finding: AccountCheckup.FunctionFinding, isEvent: Bool) -> DiagnosisStep {
        switch finding {
        case .implemented:
            return .good("lambda", "\(name): implemented")
        case .taken(let status):
            return .good(
                "lambda", "\(name): the gateway takes the token",
                details: [
                    "status \(status) to a GET, as it should be; whether the function is there only a run can tell"
                ])
        case .missing(let words):
            return .failed(
                "lambda", .failed, "\(name): \(words)",
                cause: isEvent
                    ? "no function of this account handles the event"
                    : "a wrong UUID, a function of another account, or one that is not deployed",
                cure: isEvent
                    ? "check the event's id, and that its function is deployed"
                    : "copy the UUID from the Functions UI, and deploy the function")
        case .unauthorized(let words):
            return .failed(
                "lambda", .refused, "\(name): the gateway rejected the token: \(words)",
                cause: "sentinel and gateway are of different regions, or the token is for another account",
                cure: "leave 'endpoints' out, so that both hosts are looked up")
        case .forbidden(let words):
            return .failed(
                "lambda", .failed, "\(name): \(words)", cause: "the client lacks the scope faas.lambda.invoke",
                cure: "ask LivePerson to install the app with that scope (app-installation.json)")
        case .untold(let words):
            return .warning("lambda", "\(name): cannot be told without running it", details: [words])
        case .unreachable(let failure):
            let (cause, cure) = advice(for: failure.kind, proxy: nil)
            return .failed("lambda", .unreachable, "\(name): \(failure.message)", cause: cause, cure: cure)
        }
    }
}
