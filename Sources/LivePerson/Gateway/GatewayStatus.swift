package import JobModel

/// A snapshot of an account for logs, metrics and status pages; holds no secret.
package struct GatewayStatus: Sendable {
    package var accountID: String
    /// The last state that an observer was told; nil before the first. What was unreachable is so until it answers,
    /// though it is being tried again.
    package var state: GatewayState?
    /// Base URLs; nil before they are looked up.
    package var gateway: String?
    package var sentinel: String?
    /// What the gateway's host says, or the account; nil before it is looked up.
    package var platform: Platform?
    /// How long the token may still be sent; nil without one that may.
    package var tokenLeft: Duration?
    package var counts: AccountCounts
    /// Attempts that are in flight.
    package var inFlight: Int
    /// The last failure, whether or not it has been mended since.
    package var lastError: String?

    /// Tokens got after the first.
    package var renewals: Int { max(0, counts.tokensGranted - 1) }
}
