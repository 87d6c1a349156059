import JobModel

/// Where an account stands, before it is known how long each observer has waited.
enum Standing: Sendable, Hashable {
    /// - Parameters:
    ///   - since: when it stopped being otherwise.
    ///   - reason: why the last try failed; nil if none has.
    case preparing(since: MonotonicInstant, reason: String?)
    case ready(tokenGeneration: UInt64)
    case refused(String)
}
