import CCurl
import Dispatch
import Glibc
package import JobModel

/// Connects to a host as an engine of the same configuration does, sends nothing, and tells how each step went.
package struct ConnectionProbe: Sendable {
    /// What was learned on the way.
    package struct Report: Sendable {
        /// The address that took the connection, a proxy's if there is one; nil if none did.
        package var address: String?
        /// From the start until the name was resolved.
        package var resolved: Duration
        /// From the start until the connection was made.
        package var connected: Duration
        /// From the start until TLS was done; nil without TLS.
        package var secured: Duration?
        /// The host's own certificate; nil without TLS.
        package var certificate: Certificate?
        /// Why there is no connection; nil if there is.
        package var failure: TransportFailure?

        package init(
            address: String? = nil, resolved: Duration, connected: Duration, secured: Duration? = nil,
            certificate: Certificate? = nil, failure: TransportFailure? = nil
        ) {
            self.address = address
            self.resolved = resolved
            self.connected = connected
            self.secured = secured
            self.certificate = certificate
            self.failure = failure
        }
    }

    /// A certificate that was accepted; names in OpenSSL's form, such as `C = US, O = Example, CN = *.example.com`.
    package struct Certificate: Sendable, Hashable {
        package var subject: String
        package var issuer: String
        /// Nil if it cannot be read.
        package var expires: Timestamp?

        package init(subject: String, issuer: String, expires: Timestamp? = nil) {
            self.subject = subject
            self.issuer = issuer
            self.expires = expires
        }
    }

    private let settings: TransferSettings

    package init(_ configuration: HTTPEngineConfiguration) {
        settings = TransferSettings(configuration)
    }

    /// Connects on a thread of its own.
    ///
    /// - Parameters:
    ///   - url: scheme and host, perhaps a port.
    ///   - timeout: of the whole of it.
    package func connect(to url: String, timeout: Duration) async -> Report {
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async { @Sendable in
                continuation.resume(returning: perform(url, timeout: timeout))
            }
        }
    }

    private func perform(_ url: String, timeout: Duration) -> Report {
        guard let handle = curl_easy_init() else {
            let failure = TransportFailure(.aborted, message: "libcurl has no memory")
            return Report(resolved: .zero, connected: .zero, failure: failure)
        }
        defer { curl_easy_cleanup(handle) }
        let detail = UnsafeMutablePointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))
        detail[0] = 0
        defer { detail.deallocate() }
        settings.apply(to: handle)
        ccurl_easy_set_string(handle, CURLOPT_URL, url)
        ccurl_easy_set_long(handle, CURLOPT_CONNECT_ONLY, 1)
        ccurl_easy_set_long(handle, CURLOPT_CERTINFO, 1)
        ccurl_easy_set_long(handle, CURLOPT_TIMEOUT_MS, timeout.curlMilliseconds)
        ccurl_easy_set_pointer(handle, CURLOPT_ERRORBUFFER, detail)
        let code = curl_easy_perform(handle)
        var report = Report(
            resolved: Self.time(CURLINFO_NAMELOOKUP_TIME_T, of: handle),
            connected: Self.time(CURLINFO_CONNECT_TIME_T, of: handle))
        if let address = ccurl_easy_get_pointer(handle, CURLINFO_PRIMARY_IP) {
            let text = String(cString: address.assumingMemoryBound(to: CChar.self))
            report.address = text.isEmpty ? nil : text
        }
        let secured = Self.time(CURLINFO_APPCONNECT_TIME_T, of: handle)
        if secured > .zero { report.secured = secured }
        report.certificate = Self.certificate(of: handle)
        if code != CURLE_OK {
            report.failure =
                TransferFailure(
                    code: code, mayHaveLeft: false,
                    systemError: Int32(ccurl_easy_get_long(handle, CURLINFO_OS_ERRNO)),
                    proxyStatus: ccurl_easy_get_long(handle, CURLINFO_HTTP_CONNECTCODE),
                    detail: String(cString: detail), origin: Origin(url: url), timeout: timeout,
                    connectTimeout: timeout
                ).classified
        }
        return report
    }

    private static func time(_ information: CURLINFO, of handle: UnsafeMutableRawPointer) -> Duration {
        .microseconds(ccurl_easy_get_offset(handle, information))
    }

    /// The first certificate of the chain is the host's (CURLINFO_CERTINFO(3)).
    private static func certificate(of handle: UnsafeMutableRawPointer) -> Certificate? {
        guard
            let chain = ccurl_easy_get_pointer(handle, CURLINFO_CERTINFO)?.assumingMemoryBound(to: curl_certinfo.self),
            chain.pointee.num_of_certs > 0
        else { return nil }
        var certificate = Certificate(subject: "", issuer: "")
        var entry = chain.pointee.certinfo[0]
        while let current = entry {
            let text = String(cString: current.pointee.data)
            if text.hasPrefix("Subject:") { certificate.subject = String(text.dropFirst(8)) }
            if text.hasPrefix("Issuer:") { certificate.issuer = String(text.dropFirst(7)) }
            // Such as `Nov  6 08:49:37 2027 GMT`; -1 is no date (curl_getdate(3)).
            if text.hasPrefix("Expire date:") {
                let seconds = curl_getdate(String(text.dropFirst(12)), nil)
                if seconds >= 0 { certificate.expires = Timestamp(seconds: Int64(seconds)) }
            }
            entry = current.pointee.next
        }
        return certificate
    }
}
