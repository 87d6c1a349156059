import JobModel

/// The URL of a lambda on one gateway, split where the row's `userId` goes.
struct InvocationRoute: Sendable {
    let prefix: String
    let suffix: String
    /// The value of `LP-EventSource`; nil on V1, which takes the caller's name as a parameter.
    let eventSource: String?

    init(target: LambdaTarget, accountID: String, gateway: Endpoint, platform: Platform) {
        let account = PercentEncoding.encode(accountID)
        let path =
            switch target.address {
            case .uuid(let uuid): "lambdas/\(PercentEncoding.encode(uuid))"
            case .event(let event): "events/\(PercentEncoding.encode(event))"
            }
        let version = platform == .v2 ? "" : "v=1&"
        prefix = "\(gateway.base)/api/account/\(account)/\(path)/invoke?\(version)userId="
        var parameters = target.skillID.map { "&skillId=\(PercentEncoding.encode($0))" } ?? ""
        if platform != .v2, let system = target.externalSystem {
            parameters += "&externalSystem=\(PercentEncoding.encode(system))"
        }
        suffix = parameters
        eventSource = platform == .v2 ? target.externalSystem.map(Self.headerValue) : nil
    }

    func url(userID: String) -> String {
        "\(prefix)\(PercentEncoding.encode(userID))\(suffix)"
    }

    /// A text as a header's value: visible ASCII and inner spaces as they are (RFC 9110, section 5.5), all else
    /// percent-encoded.
    private static func headerValue(_ text: String) -> String {
        let isPlain = text.utf8.allSatisfy { (0x20...0x7E).contains($0) }
        let hasEdges = text.utf8.first == 0x20 || text.utf8.last == 0x20
        return isPlain && !hasEdges ? text : PercentEncoding.encode(text)
    }
}
