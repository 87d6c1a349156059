internal import JobModel

/// Tells whether an account's credentials are good. Its first look asks for hosts and a token, so that what is wrong shows
/// before anything is due.
final class AccountWatch: GatewayObserver {
    private let changed: @Sendable (GatewayState) -> Void

    init(changed: @escaping @Sendable (GatewayState) -> Void) {
        self.changed = changed
    }

    func gatewayChanged(to state: GatewayState) {
        changed(state)
    }
}
