/// How often an account's services were asked, for metrics.
package struct AccountCounts: Sendable, Hashable {
    /// Requests to the Domain API.
    package var lookups = 0
    /// Requests to the authorization server.
    package var tokenRequests = 0
    /// Those of them that brought a token; all but the first are renewals.
    package var tokensGranted = 0
    /// Tokens that the gateway answered with 401.
    package var tokensRejected = 0

    package init() {}
}
