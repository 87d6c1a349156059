internal import HTTPEngine
internal import JobModel

extension DiagnosisStep {
    /// Certificates that end sooner are worth a warning.
    private static let shortCertificate = Duration.seconds(14 * 86_400)

    /// A connection to one host.
    ///
    /// - Parameters:
    ///   - url: scheme and host, perhaps a port.
    ///   - role: whose host it is, such as `Domain API`.
    ///   - proxy: the environment variable that names a proxy; nil if none does.
    static func connection(
        to url: String, role: String, report: ConnectionProbe.Report, proxy: String?, now: Timestamp
    ) -> DiagnosisStep {
        let place = "\(role), \(url)"
        let byProxy = proxy.map { ["the environment names a proxy: \($0)"] } ?? []
        if let failure = report.failure {
            let (cause, cure) = advice(for: failure.kind, proxy: proxy)
            return .failed(
                "connection", .unreachable, place, details: [failure.message] + byProxy, cause: cause, cure: cure)
        }
        var times = "\(report.address.map { "\($0), " } ?? "")name \(text(report.resolved))"
        times += ", connection \(text(report.connected - report.resolved))"
        guard let secured = report.secured else {
            return .good("connection", place, details: ["\(times), no TLS"] + byProxy)
        }
        times += ", TLS \(text(secured - report.connected))"
        guard let certificate = report.certificate else {
            return .good("connection", place, details: ["\(times), certificate trusted"] + byProxy)
        }
        var details = [
            times, "certificate of \(commonName(certificate.subject)), by \(commonName(certificate.issuer))",
        ]
        let end = certificate.expires
        if let end {
            let days = (end - now).components.seconds / 86_400
            details.append("trusted; valid until \(end.rfc3339(fractionDigits: 0)) (\(days) days)")
        }
        if let end, end - now < shortCertificate {
            return .warning(
                "connection", place, details: details + byProxy, cause: "the certificate ends soon",
                cure: "whoever runs that host, or the proxy in between, has to renew it")
        }
        return .good("connection", place, details: details + byProxy)
    }

    /// What a failure below HTTP usually comes from, and what helps.
    static func advice(for kind: TransportFailure.Kind, proxy: String?) -> (cause: String, cure: String) {
        switch kind {
        case .dns:
            (
                "a typo in 'endpoints', no name server, or a network that knows names by its proxy only",
                "try 'getent hosts NAME'; behind a proxy set https_proxy"
            )
        case .connect:
            (
                "nobody listens there, or a firewall refuses",
                "allow outgoing TCP to that host and port; behind a proxy set https_proxy"
            )
        case .timeout:
            (
                "a firewall that drops packets without a word",
                "allow outgoing TCP to that host and port; behind a proxy set https_proxy"
            )
        case .tls:
            (
                "a proxy that inspects TLS shows a certificate of its own, this clock is wrong, or no CAs are installed",
                "name a PEM file with the company's CA: CURL_CA_BUNDLE=/path/ca.pem (or install ca-certificates)"
            )
        case .proxy:
            (
                "the proxy \(proxy.map { "of \($0) " } ?? "")is out of reach, or refuses this host",
                "check https_proxy, all_proxy and no_proxy, and what the proxy lets through"
            )
        case .reset, .protocolViolation, .aborted:
            (
                "what answers there does not speak HTTP, or something in between broke the connection",
                "check the host under 'endpoints', proxies and firewalls"
            )
        }
    }

    static func text(_ duration: Duration) -> String {
        let microseconds = max(duration, .zero).wholeMicroseconds
        return microseconds < 1000 ? "<1ms" : "\(microseconds / 1000)ms"
    }

    /// The common name within a subject such as `C = US, O = Example, CN = *.example.com`; all of it without one.
    private static func commonName(_ subject: String) -> String {
        let parts = subject.split(separator: ",").map { $0.drop { $0 == " " } }
        let name = parts.last { $0.hasPrefix("CN") }?.drop { $0 != "=" }.dropFirst().drop { $0 == " " }
        return name.map(String.init) ?? subject
    }
}
