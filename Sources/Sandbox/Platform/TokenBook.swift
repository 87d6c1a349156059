import JSONText
import JobModel

/// The tokens that were issued, and what has become of them.
struct TokenBook {
    private struct Record {
        var account: String
        var expiresAt: MonotonicInstant
        var uses = 0
        var isRevoked = false
    }

    enum Verdict {
        case accepted
        case unknown
        case foreign
        /// By how much it came too late.
        case expired(Duration)
        case revoked
    }

    /// How many tokens are remembered; the oldest is forgotten first.
    private static let limit = 10_000

    private var records: [String: Record] = [:]
    private var order: [String] = []
    private var oldest = 0
    private(set) var revokedCount = 0

    /// Makes a token: a JWT (RFC 7519) with the claims of Sentinel and a signature of random bytes, or an opaque one.
    mutating func issue(
        account: String, clientID: String, script: TokenScript, wall: Timestamp, now: MonotonicInstant,
        random: inout some RandomNumberGenerator
    ) -> String {
        var signature: [UInt8] = []
        for _ in 0..<8 {
            withUnsafeBytes(of: random.next() as UInt64) { signature.append(contentsOf: $0) }
        }
        var token = Base64URL.text(signature)
        if !script.isOpaque {
            let claims = Self.claims(account: account, clientID: clientID, lifetime: script.lifetime, wall: wall)
            token = "\(Self.header).\(Base64URL.text(claims)).\(token)"
        }
        records[token] = Record(account: account, expiresAt: now.advanced(by: script.lifetime))
        remember(token)
        return token
    }

    /// Judges a token that came with a request, and counts its use.
    mutating func check(_ token: String, account: String, script: TokenScript, now: MonotonicInstant) -> Verdict {
        guard let index = records.index(forKey: token) else { return .unknown }
        guard records.values[index].account == account else { return .foreign }
        guard now < records.values[index].expiresAt else {
            return .expired(records.values[index].expiresAt.duration(to: now))
        }
        if let limit = script.revokeAfter, records.values[index].uses >= limit, !records.values[index].isRevoked {
            records.values[index].isRevoked = true
            revokedCount += 1
        }
        guard !records.values[index].isRevoked else { return .revoked }
        records.values[index].uses += 1
        return .accepted
    }

    /// Makes a token worthless.
    mutating func revoke(_ token: String) {
        guard let index = records.index(forKey: token), !records.values[index].isRevoked else { return }
        records.values[index].isRevoked = true
        revokedCount += 1
    }

    mutating func revokeAll() {
        for index in records.indices where !records.values[index].isRevoked {
            records.values[index].isRevoked = true
            revokedCount += 1
        }
    }

    private mutating func remember(_ token: String) {
        guard order.count == Self.limit else { return order.append(token) }
        records[order[oldest]] = nil
        order[oldest] = token
        oldest = (oldest + 1) % Self.limit
    }

    private static let header = Base64URL.text(Array(#"{"alg":"RS256","typ":"JWT"}"#.utf8))

    private static func claims(account: String, clientID: String, lifetime: Duration, wall: Timestamp) -> [UInt8] {
        let claims: JSONValue = [
            "aud": .string(account), "azp": .string(clientID), "scope": "faas.lambda.invoke", "iss": "Sentinel",
            "iat": .number(JSONNumber(Int(wall.seconds))),
            "exp": .number(JSONNumber(Int(wall.seconds + lifetime.components.seconds))),
        ]
        return JSONWriter.bytes(of: claims)
    }
}

/// Base 64 with the URL-safe alphabet and no padding (RFC 4648, section 5), as JWTs use it.
enum Base64URL {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

    static func text(_ bytes: [UInt8]) -> String {
        var output: [UInt8] = []
        output.reserveCapacity(bytes.count * 4 / 3 + 3)
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            var bits: UInt32 = 0
            for byte in group { bits = bits << 8 | UInt32(byte) }
            bits <<= UInt32(8 * (3 - group.count))
            for position in 0...group.count {
                output.append(alphabet[Int(bits >> UInt32(18 - 6 * position)) & 63])
            }
        }
        return String(decoding: output, as: UTF8.self)
    }
}
