package import JobModel

/// An invocation request as it would be sent, without the token: for people to look at.
///
/// What only the network could tell is named by a variable in the manner of a shell: `$LP_GATEWAY` for the gateway's
/// host, `$LP_ACCOUNT_ID` for an account that is not given, `$LP_TOKEN` for the token.
package struct RequestPreview: Sendable {
    package let url: String
    /// In the order in which they are sent.
    package let headers: [(name: String, value: String)]

    /// - Parameter account: nil if the job file has none; its id may be empty.
    package init(account: Account?, target: LambdaTarget, request: RenderedRequest) {
        let gateway = Endpoint(baseURL: account?.endpoints.gateway ?? "https://$LP_GATEWAY")
        let id = account.flatMap { $0.id.isEmpty ? nil : $0.id }
        let attempt = Attempt(id: 0, target: target, request: request, timeout: .zero, connectTimeout: .zero)
        var requests = InvocationRequests(
            accountID: id ?? "LP_ACCOUNT_ID", gateway: gateway,
            platform: gateway.platform(setting: account?.platform ?? .auto))
        let made = requests.request(for: attempt, authorization: "Bearer $LP_TOKEN")
        url = id == nil ? Self.namingAccount(made.url) : made.url
        headers = made.headers
    }

    /// The variable's `$` would not survive percent-encoding.
    private static func namingAccount(_ url: String) -> String {
        url.replacing("/account/LP_ACCOUNT_ID/", with: "/account/$LP_ACCOUNT_ID/", maxReplacements: 1)
    }
}
