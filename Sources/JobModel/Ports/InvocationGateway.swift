/// Carries attempts to the platform: hosts, tokens and the protocol are its business.
package protocol InvocationGateway: Sendable {
    /// Starts attempts. Each is reported to `receiver` exactly once.
    func start(_ attempts: [Attempt], receiver: any AttemptReceiver)
    /// Aborts what this receiver has in flight; each is still reported.
    func cancelAll(of receiver: any AttemptReceiver)
    /// Reports the state now, and every change from then on, to `observer`, which is held weakly.
    ///
    /// Hosts and token are first asked for when there is an observer.
    func observe(_ observer: any GatewayObserver)
}

/// Takes the ends of attempts.
package protocol AttemptReceiver: AnyObject, Sendable {
    /// Called from any thread: must not block.
    func ended(_ ends: [AttemptEnd])
}

/// Is told whether attempts may leave.
package protocol GatewayObserver: AnyObject, Sendable {
    /// Called from any thread: must not block.
    func gatewayChanged(to state: GatewayState)
}

/// Whether attempts may leave.
package enum GatewayState: Sendable, Hashable {
    /// Hosts or a token are being fetched: hold attempts.
    case preparing
    /// Attempts may leave. The generation counts tokens from 1: an attempt that was answered 401 is repeated under a
    /// higher generation than the one it was sent with.
    case ready(tokenGeneration: UInt64)
    /// Credentials rejected, or no such account.
    case refused(String)
    /// Hosts or a token could not be had within the authorization timeout. The gateway keeps trying.
    case unreachable(String)
}
