/// The services that are looked up in the Domain API, by the names that it uses (case-sensitive).
package enum Service: String, Sendable, Hashable, CaseIterable {
    /// The invocation gateway.
    case gateway = "faasGW"
    /// The authorization server.
    case sentinel = "sentinel"
}
