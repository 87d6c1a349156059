import JobModel

/// Checks that do not depend on what came before.
struct RequestChecks {
    var findings = Findings()

    /// What holds for every endpoint: host, no `Expect`, nothing twice, no secrets in the URL.
    mutating func common(_ request: PlatformRequest, query: FormFields, authorities: [String]) {
        let fields = request.fields
        if fields.hasExpect { findings.note(.expect, "the header Expect is sent") }
        if let name = fields.repeated { findings.note(.header, "the header \(name) stands twice") }
        if let host = fields.host {
            if !authorities.contains(host) {
                findings.note(.host, "the host is \(host.prefix(80)), not \(authorities[0])")
            }
        } else {
            findings.note(.host, "the header Host is missing")
        }
        if !request.uri.utf8.starts(with: "/".utf8), request.uri.utf8.contains(UInt8(ascii: "@")) {
            findings.note(.secretInURL, "the URL has userinfo")
        }
        let token = fields.bearerToken
        for field in query.fields {
            if Self.secretNames.contains(field.name) || (token != nil && field.value == token) {
                findings.note(.secretInURL, "the parameter \(field.name.prefix(40)) carries a secret in the URL")
            }
        }
        if request.isTooLarge { findings.refuse(413, .tooLarge, "the body is too large") }
    }

    private static let secretNames: Set<String> = [
        "client_secret", "clientSecret", "access_token", "token", "authorization", "Authorization", "bearer",
    ]

    mutating func method(_ request: PlatformRequest, is expected: String) {
        guard request.method != expected else { return }
        findings.refuse(405, .method, "the method is \(request.method.prefix(20)), not \(expected)")
    }

    mutating func account(_ id: String) {
        let isValid = !id.isEmpty && id.utf8.count <= 64 && id.utf8.allSatisfy(Self.isLetterOrDigit)
        if !isValid { findings.refuse(400, .path, "the account id \(id.prefix(40)) is not letters and digits") }
    }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        (48...57).contains(byte) || (97...122).contains(byte | 0x20)
    }

    mutating func eventID(_ id: String) {
        if id.unicodeScalars.count > 60 { findings.refuse(400, .path, "the event id is longer than 60 characters") }
    }

    /// One parameter with a fixed value, such as `version=1.0`, and nothing else.
    mutating func query(_ query: FormFields, only name: String, is value: String, isRequired: Bool) {
        shape(query, known: [name])
        if let found = query.first(name) {
            if found != value { findings.note(.query, "\(name) is \(found.prefix(20)), not \(value)") }
        } else if isRequired {
            findings.note(.query, "the parameter \(name)=\(value) is missing")
        }
    }

    /// The parameters of an invocation.
    mutating func invokeQuery(_ query: FormFields, isV2: Bool) {
        questionQuery(query, isV2: isV2)
        if query.first("userId")?.isEmpty ?? true { findings.refuse(400, .userID, "the parameter userId is missing") }
    }

    /// The parameters of a question about a function or an event: those of an invocation, the caller's name left free.
    mutating func questionQuery(_ query: FormFields, isV2: Bool) {
        shape(query, known: ["v", "userId", "skillId", "externalSystem"])
        let version = query.first("v")
        if !isV2, version != "1" {
            findings.refuse(400, .query, version == nil ? "the parameter v=1 is missing" : "v is not 1")
        }
    }

    /// Well formed, and no parameter unknown or repeated.
    private mutating func shape(_ query: FormFields, known: [String]) {
        if !query.isWellFormed { findings.note(.query, "the query is not percent-encoded") }
        for (position, field) in query.fields.enumerated() {
            if !known.contains(field.name) {
                if !Self.secretNames.contains(field.name) {
                    findings.note(.query, "the parameter \(field.name.prefix(40)) is unknown")
                }
            } else if query.fields[..<position].contains(where: { $0.name == field.name }) {
                findings.note(.query, "the parameter \(field.name) stands twice")
            }
        }
    }

    /// The headers of an invocation. Returns the request id.
    mutating func invokeHeaders(_ fields: RequestFields) -> UUIDKey? {
        if !fields.hasContentType("application/json") {
            findings.refuse(400, .contentType, "the content type is not application/json")
        }
        if fields.authorization == nil {
            findings.refuse(401, .authorization, "the header Authorization is missing")
        } else if fields.bearerToken == nil {
            findings.refuse(401, .authorization, "Authorization is not Bearer and a token")
        }
        guard let text = fields.requestID else {
            findings.note(.requestID, "the header X-Request-ID is missing")
            return nil
        }
        let id = UUIDKey(text)
        if id == nil { findings.note(.requestID, "X-Request-ID is no UUID: \(text.prefix(40))") }
        return id
    }

    /// The timestamp of an invocation: in milliseconds, a day from now at most.
    mutating func timestamp(_ milliseconds: Int64, now: Timestamp) {
        guard abs(milliseconds - now.milliseconds) > 86_400_000 else { return }
        findings.note(.timestamp, "timestamp is \(milliseconds), a day or more from now in epoch milliseconds")
    }
}
