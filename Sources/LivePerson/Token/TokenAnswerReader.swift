import JSONText
import JobModel

/// Reads Sentinel's answers (RFC 6749, section 5). No text that it makes can hold the token or the client secret.
struct TokenAnswerReader: Sendable {
    private let clientID: String
    private let mask: SecretMask

    init(account: Account) {
        clientID = account.clientID
        mask = SecretMask(account.clientSecret)
    }

    func read(_ end: HTTPEnd, wallNow: Timestamp) -> TokenAnswer {
        switch end.result {
        case .response(let status, let headers, let body):
            switch status {
            case 200, 201:
                return granted(body)
            case 400, 401, 403:
                return .refused(
                    "the authorization server rejected the credentials of client \(clientID)"
                        + " (status \(status)\(reason(body)))")
            default:
                return .failed(
                    "the authorization server answered with status \(status)\(reason(body))",
                    retryAfter: RetryAfter.read(headers: headers, wallNow: wallNow), isSilent: false)
            }
        case .notSent(let failure), .unknown(let failure):
            let message = "the authorization server is out of reach: \(mask.masked(failure.message))"
            return .failed(message, retryAfter: nil, isSilent: true)
        case .tooLarge:
            return Self.unusable("is too large")
        case .cancelled:
            return .failed("the token request was called off", retryAfter: nil, isSilent: false)
        }
    }

    private func granted(_ body: [UInt8]) -> TokenAnswer {
        guard let answer = try? JSONParser.parse(body) else { return Self.unusable("is not JSON") }
        guard let token = answer["access_token"]?.stringValue, !token.isEmpty else {
            return Self.unusable("has no access_token")
        }
        // It goes into a header: nothing but visible ASCII may.
        guard token.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            return Self.unusable("has an access_token that cannot be sent")
        }
        if let type = answer["token_type"]?.stringValue, type.lowercased() != "bearer" {
            return Self.unusable("has a token_type other than Bearer")
        }
        let lifetime = Self.seconds(answer["expires_in"]) ?? TokenClaims(token: token)?.lifetime
        return .granted(token: Secret(token), lifetime: lifetime)
    }

    private static func unusable(_ fault: String) -> TokenAnswer {
        .failed("the authorization server's answer \(fault)", retryAfter: nil, isSilent: false)
    }

    /// `expires_in`, which is seen as a number and as a string; nil unless it is positive.
    private static func seconds(_ value: JSONValue?) -> Duration? {
        let seconds = value?.numberValue?.doubleValue ?? value?.stringValue.flatMap { Double($0) }
        guard let seconds, seconds > 0, !seconds.isNaN else { return nil }
        return .milliseconds(Int64(min(seconds, 1e9) * 1000))
    }

    /// `error` and `error_description` of an error body; nothing of any other.
    private func reason(_ body: [UInt8]) -> String {
        guard body.count <= 64 * 1024, let answer = try? JSONParser.parse(body) else { return "" }
        let texts = [answer["error"]?.stringValue, answer["error_description"]?.stringValue].compactMap { $0 }
        guard !texts.isEmpty else { return "" }
        // Before it is cut, so that no part of the secret is left.
        return ", " + TextExcerpt.line(texts.map { mask.masked($0) }.joined(separator: ": "), limit: 200)
    }
}
