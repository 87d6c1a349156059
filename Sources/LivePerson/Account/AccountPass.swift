import JobModel

/// What attempts need to leave.
struct AccountPass: Sendable {
    let tokenGeneration: UInt64
    let token: Secret
    /// Nothing leaves at or after it.
    let usableUntil: MonotonicInstant
    let gateway: Endpoint
    /// One attempt only may leave, to find out whether the gateway takes the token.
    let isProbe: Bool
}
