import JSONText
import JobModel

/// Answers requests from snapshots, health checks from vitals.
struct StatusResponder: Sendable {
    let source: any StatusSource
    let time: any TimeSource

    /// - Parameters:
    ///   - method: as in the request line.
    ///   - target: a path, with or without a query (RFC 9112, section 3.2.1).
    func answer(_ method: String, _ target: String) -> StatusResponse {
        guard method == "GET" || method == "HEAD" else {
            return StatusResponse(.methodNotAllowed, "only GET and HEAD are answered here")
        }
        switch target.prefix(while: { $0 != "?" }) {
        case "/": return page()
        case "/status.json": return StatusResponse(.ok, StatusResponse.json, body: json())
        case "/metrics": return metrics()
        case "/healthz": return healthz()
        case "/readyz": return readyz()
        default:
            return StatusResponse(.notFound, "here are /, /status.json, /metrics, /healthz and /readyz")
        }
    }

    private func health(_ pulse: SchedulerPulse?) -> Health {
        Health(pulse, wall: time.wallNow(), monotonic: time.monotonicNow())
    }

    private func page() -> StatusResponse {
        let snapshot = source.snapshot()
        let body = StatusPage.bytes(of: snapshot, health: health(snapshot.pulse), now: time.wallNow())
        return StatusResponse(.ok, StatusResponse.html, body: body)
    }

    private func json() -> [UInt8] {
        let snapshot = source.snapshot()
        return StatusJSON.bytes(of: snapshot, health: health(snapshot.pulse), now: time.wallNow())
    }

    private func metrics() -> StatusResponse {
        let snapshot = source.snapshot()
        let body = MetricsPage.bytes(of: snapshot, usage: ProcessUsage.current(), health: health(snapshot.pulse))
        return StatusResponse(.ok, MetricsPage.contentType, body: body)
    }

    private func healthz() -> StatusResponse {
        let health = health(source.vitals().pulse)
        switch health {
        case .good: return Self.verdict(.ok, "ok")
        case .overdue(let since): return Self.verdict(.unavailable, "overdue", health.reason, since: since)
        case .stuck: return Self.verdict(.unavailable, "stuck", health.reason)
        }
    }

    /// A process that does not do its work is not ready for any.
    private func readyz() -> StatusResponse {
        let vitals = source.vitals()
        switch vitals.phase {
        case .starting: return Self.verdict(.unavailable, "starting", "the ledger is being told of the jobs")
        case .stopping: return Self.verdict(.unavailable, "stopping", "no run is started any more")
        case .running:
            guard let reason = health(vitals.pulse).reason else { return Self.verdict(.ok, "ready") }
            return Self.verdict(.unavailable, "unhealthy", reason)
        }
    }

    private static func verdict(
        _ status: StatusResponse.Status, _ word: String, _ reason: String? = nil, since: Timestamp? = nil
    ) -> StatusResponse {
        var object = JSONObject()
        object["status"] = .string(word)
        if let reason { object["reason"] = .string(reason) }
        if let since { object["since"] = .string(since.rfc3339()) }
        return StatusResponse(status, StatusResponse.json, body: JSONWriter.bytes(of: .object(object)) + [10])
    }
}
