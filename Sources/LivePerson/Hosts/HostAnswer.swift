/// What a lookup in the Domain API came to.
package enum HostAnswer: Sendable, Hashable {
    case found(Endpoint)
    /// No such account, or it lacks the service.
    case refused(String)
    /// To be tried again, not before `retryAfter`.
    case failed(String, retryAfter: Duration?)
}
