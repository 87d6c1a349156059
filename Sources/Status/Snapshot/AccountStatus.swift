package import JobModel

/// An account as metrics and the status page show it; holds no secret.
package struct AccountStatus: Sendable {
    package var id: String
    package var state: GatewayState
    /// How long the token may still be sent; nil without one that may.
    package var tokenLeft: Duration?
    /// Tokens got after the first.
    package var tokenRenewals = 0
    /// Attempts.
    package var inFlight = 0

    package init(id: String, state: GatewayState) {
        self.id = id
        self.state = state
    }

    /// A word of a closed set.
    var stateName: String {
        switch state {
        case .preparing: "preparing"
        case .ready: "ready"
        case .refused: "refused"
        case .unreachable: "unreachable"
        }
    }

    static let stateNames = ["preparing", "ready", "refused", "unreachable"]

    /// Why attempts do not leave, if something is wrong.
    var problem: String? {
        switch state {
        case .preparing, .ready: nil
        case .refused(let reason), .unreachable(let reason): reason
        }
    }
}
