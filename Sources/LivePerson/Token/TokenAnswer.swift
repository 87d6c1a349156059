package import JobModel

/// What a token request came to.
package enum TokenAnswer: Sendable, Hashable {
    /// - Parameter lifetime: from the moment of sending the request on; nil if the answer does not tell.
    case granted(token: Secret, lifetime: Duration?)
    /// The client's credentials are no good.
    case refused(String)
    /// To be tried again, not before `retryAfter`. `isSilent`: the host did not answer at all.
    case failed(String, retryAfter: Duration?, isSilent: Bool)
}
