import JobModel

/// What attempts need to leave.
struct AccountPass: Sendable {
    let tokenGeneration: UInt64
    /// The whole value of `Authorization`.
    let authorization: Secret
    /// Nothing leaves at or after it.
    let usableUntil: MonotonicInstant
    let gateway: Endpoint
}
