/// Something that people may want to read about an account. Never holds a token or a secret.
enum AccountNote: Sendable, Hashable {
    case lookedUp(Service, Endpoint, previous: Endpoint?)
    case lookupFailed(Service, reason: String, retryIn: Duration, hasStale: Bool)
    /// Credentials or account.
    case refused(String)
    case tokenGranted(generation: UInt64, lifetime: Duration)
    case tokenFailed(reason: String, retryIn: Duration, hasToken: Bool)
    case tokenRejected(generation: UInt64, wasAccepted: Bool, renewIn: Duration)
    case tokenEnded(generation: UInt64)
    case tokenReissued(generation: UInt64)
    /// Observers were told that hosts or token could not be had in time.
    case unreachable(String)
}

extension AccountNote {
    /// What went wrong, if something did.
    var errorText: String? {
        switch self {
        case .lookupFailed(_, let reason, _, _), .refused(let reason), .tokenFailed(let reason, _, _),
            .unreachable(let reason):
            reason
        case .tokenRejected: "the gateway rejected the token (status 401)"
        case .lookedUp, .tokenGranted, .tokenEnded, .tokenReissued: nil
        }
    }
}
