import JobModel

/// Builds the requests that come before invocations: host lookups and token requests.
struct ControlRequests: Sendable {
    let account: Account
    /// Of one request, connecting included.
    let timeout: Duration
    let connectTimeout: Duration

    /// `GET …/api/account/{accountId}/service/{service}/baseURI.json?version=1.0`; needs no authentication.
    func lookup(_ service: Service, id: UInt64) -> HTTPRequest {
        let accountID = PercentEncoding.encode(account.id)
        let base = Endpoint(baseURL: account.endpoints.domainAPI).base
        return HTTPRequest(
            id: id, method: .get,
            url: "\(base)/api/account/\(accountID)/service/\(service.rawValue)/baseURI.json?version=1.0",
            timeout: timeout, connectTimeout: connectTimeout)
    }

    /// An OAuth 2.0 client credentials grant (RFC 6749, section 4.4). The secret is in the body, never in the URL.
    func token(from sentinel: Endpoint, id: UInt64) -> HTTPRequest {
        var body = Array("grant_type=client_credentials&client_id=".utf8)
        PercentEncoding.append(account.clientID, to: &body)
        body.append(contentsOf: "&client_secret=".utf8)
        PercentEncoding.append(account.clientSecret.reveal(), to: &body)
        let accountID = PercentEncoding.encode(account.id)
        return HTTPRequest(
            id: id, method: .post, url: "\(sentinel.base)/sentinel/api/account/\(accountID)/app/token?v=2.0",
            headers: [(name: "Content-Type", value: "application/x-www-form-urlencoded")], body: body,
            timeout: timeout, connectTimeout: connectTimeout)
    }
}
