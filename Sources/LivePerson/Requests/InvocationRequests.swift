package import JobModel

/// Makes HTTP requests of attempts that go to one gateway.
///
/// Routes are kept by target, and the last URL is kept too: the rows of a job mostly share target and user id.
package struct InvocationRequests: Sendable {
    private let accountID: String
    private let gateway: Endpoint
    private let platform: Platform
    private var routes: [LambdaTarget: InvocationRoute] = [:]
    private var last: Last?

    private struct Last {
        let target: LambdaTarget
        let route: InvocationRoute
        let userID: String
        let url: String
    }

    /// More targets than any job file has; beyond it routes are made anew, so that memory stays bounded.
    private static let maximumRoutes = 4096

    /// - Parameter platform: `v1` or `v2`; see ``Endpoint/platform(setting:)``.
    package init(accountID: String, gateway: Endpoint, platform: Platform) {
        self.accountID = accountID
        self.gateway = gateway
        self.platform = platform
    }

    /// - Parameter authorization: the whole value of `Authorization`.
    package mutating func request(for attempt: Attempt, authorization: String) -> HTTPRequest {
        let (route, url) = address(of: attempt.target, userID: attempt.request.userID)
        var headers: [(name: String, value: String)] = [
            (name: "Authorization", value: authorization),
            (name: "Content-Type", value: "application/json"),
            (name: "X-Request-ID", value: attempt.request.requestID),
        ]
        if let source = route.eventSource { headers.append((name: "LP-EventSource", value: source)) }
        return HTTPRequest(
            id: attempt.id, method: .post, url: url, headers: headers, body: attempt.request.body,
            timeout: attempt.timeout, connectTimeout: attempt.connectTimeout, wantsHeaders: attempt.wantsHeaders)
    }

    private mutating func address(of target: LambdaTarget, userID: String) -> (route: InvocationRoute, url: String) {
        if let last, last.target == target {
            if last.userID == userID { return (last.route, last.url) }
            let url = last.route.url(userID: userID)
            self.last = Last(target: target, route: last.route, userID: userID, url: url)
            return (last.route, url)
        }
        let route = routes[target] ?? makeRoute(for: target)
        let url = route.url(userID: userID)
        last = Last(target: target, route: route, userID: userID, url: url)
        return (route, url)
    }

    private mutating func makeRoute(for target: LambdaTarget) -> InvocationRoute {
        if routes.count >= Self.maximumRoutes { routes.removeAll() }
        let route = InvocationRoute(target: target, accountID: accountID, gateway: gateway, platform: platform)
        routes[target] = route
        return route
    }
}
