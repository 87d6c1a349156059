internal import JobFile
internal import JobModel

/// The account that environment variables name, for commands without a job file.
enum EnvironmentAccount {
    /// - Parameter isOptional: nothing will be sent to it; unset variables are no error.
    /// - Returns: nil if it is optional and not wholly there.
    /// - Throws: ``CommandFailure`` with status 2 naming every variable that is unset or wrong.
    static func read(common: CommonSettings, isOptional: Bool) throws(CommandFailure) -> Account? {
        let environment = try EnvironmentFile.merged(with: common.environmentFile, besides: nil)
        let names = ["LP_ACCOUNT_ID", "LP_CLIENT_ID", "LP_CLIENT_SECRET"]
        let values = names.map { environment[$0] ?? "" }
        let unset = zip(names, values).filter { $0.1.isEmpty }.map(\.0)
        guard unset.isEmpty else {
            if isOptional { return nil }
            throw CommandFailure(
                .invalid,
                "\(unset.joined(separator: ", ")) not set: export them, or put them into .env (or try --sandbox)")
        }
        let isAccountID = values[0].utf8.allSatisfy { (48...57).contains($0) || (97...122).contains($0 | 0x20) }
        guard isAccountID else {
            throw CommandFailure(.invalid, "LP_ACCOUNT_ID is not an account id: letters and digits")
        }
        return Account(
            id: values[0], clientID: values[1], clientSecret: Secret(values[2]),
            endpoints: try endpoints(environment["LP_DOMAIN_API"]))
    }

    private static func endpoints(_ domainAPI: String?) throws(CommandFailure) -> Endpoints {
        guard let domainAPI, !domainAPI.isEmpty else { return Endpoints() }
        do {
            return Endpoints(domainAPI: try EndpointURL.normalized(domainAPI, allowInsecure: false))
        } catch {
            throw CommandFailure(.invalid, "LP_DOMAIN_API: \(error.message)")
        }
    }
}
