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

    /// One line for an account that several clients use: the worst state of them, and the token that ends first.
    package mutating func add(_ other: AccountStatus) {
        if other.severity > severity { state = other.state }
        tokenLeft = [tokenLeft, other.tokenLeft].compactMap(\.self).min()
        tokenRenewals += other.tokenRenewals
        inFlight += other.inFlight
    }

    private var severity: Int {
        switch state {
        case .ready: 0
        case .preparing: 1
        case .unreachable: 2
        case .refused: 3
        }
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
    package var problem: String? {
        switch state {
        case .preparing, .ready: nil
        case .refused(let reason), .unreachable(let reason): reason
        }
    }
}
