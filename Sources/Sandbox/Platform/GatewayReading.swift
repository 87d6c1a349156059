import JobModel
import NIOCore

/// A request to the gateway, read and checked as far as that goes without knowing what came before.
struct GatewayReading {
    let endpoint: Endpoint
    let account: String
    /// Nil for a path whose id is none.
    let target: TargetKey?
    let wall: Timestamp
    private(set) var findings = Findings()
    private(set) var requestID: UUIDKey?
    private(set) var token: String?
    /// Of path and body; meaningful within the process.
    private(set) var fingerprint = 0
    /// Of the payload, if payloads are remembered.
    private(set) var payloadFingerprint = 0
    /// The payload's bytes.
    private(set) var payload = ByteBuffer()
    private let body: ByteBuffer
    private var envelope: Envelope?

    init(
        _ request: PlatformRequest, route: Route, path: UnsafeBufferPointer<UInt8>, query: FormFields,
        authorities: [String], isV2: Bool, remembersPayloads: Bool, wall: Timestamp
    ) {
        self.wall = wall
        body = request.body
        var checks = RequestChecks()
        checks.common(request, query: query, authorities: authorities)
        switch route {
        case .function(let account, let id):
            (endpoint, target) = (.invoke, .function(id))
            self.account = account
        case .malformedFunction(let account, let id):
            (endpoint, target) = (.invoke, nil)
            self.account = account
            checks.findings.refuse(400, .path, "the function's id is no UUID: \(id.prefix(40))")
        case .event(let account, let id):
            (endpoint, target) = (.event, .event(id))
            self.account = account
            checks.eventID(id)
        case .implementation, .service, .services, .token, .statistics, .reset, .unknown:
            (endpoint, target) = (.other, nil)
            account = ""
        }
        checks.method(request, is: "POST")
        guard request.method == "POST" else {
            findings = checks.findings
            return
        }
        checks.account(account)
        checks.invokeQuery(query, isV2: isV2)
        requestID = checks.invokeHeaders(request.fields)
        token = request.fields.bearerToken
        if !request.isTooLarge { read(request.body, path: path, remembersPayloads: remembersPayloads, &checks) }
        findings = checks.findings
    }

    private mutating func read(
        _ body: ByteBuffer, path: UnsafeBufferPointer<UInt8>, remembersPayloads: Bool, _ checks: inout RequestChecks
    ) {
        body.withUnsafeReadableBytes { raw in
            let bytes = raw.bindMemory(to: UInt8.self)
            var hasher = Hasher()
            hasher.combine(bytes: UnsafeRawBufferPointer(path))
            hasher.combine(bytes: raw)
            fingerprint = hasher.finalize()
            do throws(Envelope.Fault) {
                let envelope = try Envelope(bytes)
                self.envelope = envelope
                if let field = envelope.unknownField {
                    checks.findings.note(.body, "the body has the unknown field \(field)")
                }
                checks.timestamp(envelope.timestamp, now: wall)
                if remembersPayloads {
                    var hasher = Hasher()
                    hasher.combine(bytes: UnsafeRawBufferPointer(rebasing: raw[envelope.payload]))
                    payloadFingerprint = hasher.finalize()
                }
            } catch {
                checks.findings.refuse(400, .body, error.message(for: bytes))
            }
        }
        if let range = envelope?.payload {
            payload = body.getSlice(at: body.readerIndex + range.lowerBound, length: range.count) ?? ByteBuffer()
        }
    }

    /// The request's values; nil if it has none.
    var content: RequestContent? {
        envelope.flatMap { try? RequestContent(envelope: $0, body: body) }
    }
}
