/// How long a gateway waits for hosts and tokens.
package struct GatewayOptions: Sendable {
    /// How long hosts and token may be out of reach before observers are told ``GatewayState/unreachable(_:)``.
    package var authTimeout: Duration = .seconds(60)
    /// When refused credentials, or an unknown account, are tried again. Nil is never: for commands that run once.
    package var retryRefusedEvery: Duration?
    /// Of one lookup or token request, connecting included.
    package var requestTimeout: Duration = .seconds(15)
    /// Of a lookup's or token request's connection.
    package var connectTimeout: Duration = .seconds(10)

    package init() {}
}
