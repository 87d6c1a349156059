import JSONText
package import JobModel

/// The claims of an access token that is a JSON Web Token (RFC 7519), its signature unchecked: that is the gateway's
/// business.
package struct TokenClaims: Sendable, Hashable {
    /// `iss`.
    package let issuer: String?
    /// `aud`: the account.
    package let audience: [String]
    /// `azp`: the client.
    package let authorizedParty: String?
    /// `scope`, split at blanks.
    package let scopes: [String]
    /// `iat`.
    package let issuedAt: Timestamp?
    /// `exp`.
    package let expiresAt: Timestamp?

    /// Nil for a token of any other kind, which is opaque.
    package init?(token: String) {
        let parts = token.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, let payload = Base64URL.decode(parts[1]),
            let claims = try? JSONParser.parse(payload), claims.objectValue != nil
        else { return nil }
        issuer = claims["iss"]?.stringValue
        audience = Self.texts(claims["aud"])
        authorizedParty = claims["azp"]?.stringValue
        scopes = Self.texts(claims["scope"]).flatMap { $0.split(separator: " ").map(String.init) }
        issuedAt = Self.time(claims["iat"])
        expiresAt = Self.time(claims["exp"])
    }

    /// `exp − iat`: both are the server's own times, so that no clock here matters. Nil unless it is positive.
    package var lifetime: Duration? {
        guard let issuedAt, let expiresAt, expiresAt > issuedAt else { return nil }
        return expiresAt - issuedAt
    }

    private static func texts(_ value: JSONValue?) -> [String] {
        value?.stringValue.map { [$0] } ?? value?.arrayValue?.compactMap(\.stringValue) ?? []
    }

    /// A `NumericDate` (RFC 7519, section 2); also taken as a string.
    private static func time(_ value: JSONValue?) -> Timestamp? {
        let seconds = value?.numberValue?.doubleValue ?? value?.stringValue.flatMap { Double($0) }
        // Beyond the year 9999 it is no date.
        guard let seconds, seconds >= 0, seconds < 253_402_300_800 else { return nil }
        return Timestamp(microseconds: Int64(seconds * 1_000_000))
    }
}
