import JSONText
import JobModel

/// Reads answers of the Domain API: strictly, since they decide where credentials go.
struct HostAnswerReader: Sendable {
    let accountID: String
    let domainAPI: String

    func read(_ end: HTTPEnd, of service: Service, wallNow: Timestamp) -> HostAnswer {
        switch end.result {
        case .response(let status, let headers, let body):
            let retryAfter = RetryAfter.read(headers: headers, wallNow: wallNow)
            return read(status: status, body: body, of: service, retryAfter: retryAfter)
        case .notSent(let failure), .unknown(let failure):
            return .failed("the Domain API is out of reach: \(failure.message)", retryAfter: nil)
        case .tooLarge:
            return .failed("the Domain API's answer is too large", retryAfter: nil)
        case .cancelled:
            return .failed("the lookup was called off", retryAfter: nil)
        }
    }

    private func read(status: Int, body: [UInt8], of service: Service, retryAfter: Duration?) -> HostAnswer {
        switch status {
        case 200:
            break
        case 400, 401:
            return .refused("the Domain API knows no account \(accountID) (status \(status)); check account.id")
        default:
            return .failed("the Domain API answered with status \(status)", retryAfter: retryAfter)
        }
        guard let value = try? JSONParser.parse(body) else {
            return .failed("the Domain API's answer is not JSON", retryAfter: nil)
        }
        guard let entry = entry(of: service, in: value) else {
            return .refused(
                "account \(accountID) has no service \(service.rawValue): are LivePerson Functions enabled for it?")
        }
        guard let text = entry["baseURI"]?.stringValue, let name = HostName(text) else {
            return .failed("the Domain API's answer has no usable baseURI for \(service.rawValue)", retryAfter: nil)
        }
        return .found(Endpoint(lookedUp: name, domainAPI: domainAPI))
    }

    /// The service's own object: the answer itself, or an element of a list of services.
    private func entry(of service: Service, in value: JSONValue) -> JSONValue? {
        if value["baseURI"] != nil {
            let named = value["service"]?.stringValue ?? service.rawValue
            return named == service.rawValue ? value : nil
        }
        if let list = value["baseURIs"]?.arrayValue ?? value.arrayValue {
            return list.first { $0["service"]?.stringValue == service.rawValue }
        }
        // An object of neither form tells nothing about the account: an entry without a host.
        return value
    }
}
