/// A LivePerson account and how to reach it.
package struct Account: Sendable, Hashable {
    /// The account's id: letters and digits.
    package var id: String
    package var clientID: String
    package var clientSecret: Secret
    package var platform: Platform
    package var endpoints: Endpoints

    package init(
        id: String, clientID: String, clientSecret: Secret, platform: Platform = .auto, endpoints: Endpoints = .init()
    ) {
        self.id = id
        self.clientID = clientID
        self.clientSecret = clientSecret
        self.platform = platform
        self.endpoints = endpoints
    }
}

/// Which generation of the Functions platform an account is on; `auto` tells it from the gateway's host.
package enum Platform: String, Sendable, Hashable, CaseIterable {
    case auto, v1, v2
}

/// Base URLs (scheme, host, perhaps a port, no trailing slash); nil is looked up in the Domain API.
package struct Endpoints: Sendable, Hashable {
    /// Where hosts are looked up.
    package var domainAPI: String
    package var sentinel: String?
    package var gateway: String?
    /// Accept plain `http` for hosts that are not on loopback.
    package var allowInsecure: Bool

    package static let defaultDomainAPI = "https://api.liveperson.net"

    package init(
        domainAPI: String = defaultDomainAPI, sentinel: String? = nil, gateway: String? = nil,
        allowInsecure: Bool = false
    ) {
        self.domainAPI = domainAPI
        self.sentinel = sentinel
        self.gateway = gateway
        self.allowInsecure = allowInsecure
    }
}
