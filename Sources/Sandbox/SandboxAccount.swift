package import JobModel

/// The account that the sandbox offers to whoever brings none.
package enum SandboxAccount {
    /// The account's id: letters and digits, as the platform wants it.
    package static let id = "sandbox01"
    package static let clientID = "sandbox-client"
    /// Not a secret: it opens nothing but a sandbox.
    package static let clientSecret = "sandbox-secret"
    /// The function that implements every event when a script says nothing about events.
    package static let eventFunction = "00000000-0000-4000-8000-0000000e7e47"

    /// The account as job files know it, with its hosts to be looked up at `domainAPI`.
    package static func account(domainAPI: String, platform: Platform) -> Account {
        Account(
            id: id, clientID: clientID, clientSecret: Secret(clientSecret), platform: platform,
            endpoints: Endpoints(domainAPI: domainAPI))
    }
}
