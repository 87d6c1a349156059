/// How the token endpoint behaves.
package struct TokenScript: Sendable, Hashable {
    /// The form of the answer's `expires_in`.
    package enum ExpiresIn: String, Sendable, CaseIterable {
        case string, number, absent
    }

    /// Whole seconds, at least one.
    package var lifetime: Duration
    package var expiresIn: ExpiresIn
    /// Whether tokens are no JWTs.
    package var isOpaque: Bool
    /// The number of requests that a token is good for; nil has no limit.
    package var revokeAfter: Int?
    package var answers: AnswerScript

    package init(
        lifetime: Duration = .seconds(3600), expiresIn: ExpiresIn = .string, isOpaque: Bool = false,
        revokeAfter: Int? = nil, answers: AnswerScript = AnswerScript()
    ) {
        self.lifetime = lifetime
        self.expiresIn = expiresIn
        self.isOpaque = isOpaque
        self.revokeAfter = revokeAfter
        self.answers = answers
    }
}

/// How the Domain API behaves.
package struct DomainScript: Sendable, Hashable {
    /// Hosts instead of the sandbox's own, by service name; a nil host leaves the service out.
    package var hosts: [String: String?]
    package var answers: AnswerScript

    package init(hosts: [String: String?] = [:], answers: AnswerScript = AnswerScript()) {
        self.hosts = hosts
        self.answers = answers
    }
}

/// The fates of an endpoint's requests, by arrival.
package struct AnswerScript: Sendable, Hashable {
    package var sequence: [Fate]
    /// The fate of requests after the sequence.
    package var afterwards: Fate
    package var latency: Latency?

    package init(sequence: [Fate] = [], afterwards: Fate = Fate(.ok), latency: Latency? = nil) {
        self.sequence = sequence
        self.afterwards = afterwards
        self.latency = latency
    }

    func fate(step: Int) -> Fate {
        step < sequence.count ? sequence[step] : afterwards
    }
}
