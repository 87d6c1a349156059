import CCurl
import Glibc
package import JobModel
import Reactor

/// What an ``HTTPEngine`` is made with.
package struct HTTPEngineConfiguration: Sendable {
    /// Sent as `User-Agent`, such as `fnrun/1.0.0`.
    package var userAgent: String
    /// Queues that carry transfers, each with connections of its own; at least 1.
    package var reactors: Int
    /// Connections that stay open between requests, over all reactors. So many requests in flight can each have a
    /// connection that is reused afterwards; the number in flight itself is the callers' business.
    package var maxConnections: Int
    /// Bytes of an answer's body, after decompression; a longer one ends as ``HTTPEnd/Result/tooLarge(status:)``.
    package var maxResponseBytes: Int
    /// A PEM file of trusted certificate authorities; nil for the system's.
    package var caFile: String?
    /// Offer HTTP/2 (RFC 9113) over TLS.
    ///
    /// Not the default: servers end HTTP/2 connections after some number of requests (nginx: 1000) with GOAWAY, and
    /// libcurl 7.88 still puts requests onto such a connection. Nobody carries them out, but libcurl does not tell, so
    /// they end as unknown, one in ten when a server allows a hundred requests. HTTP/1.1 servers announce the last
    /// answer of a connection, and nothing is lost.
    package var offersHTTP2: Bool
    /// Clocks for start times and latencies.
    package var time: any TimeSource

    package init(
        userAgent: String, reactors: Int = Self.defaultReactors, maxConnections: Int = 512,
        maxResponseBytes: Int = 64 << 20, caFile: String? = Self.caFileOfEnvironment(),
        offersHTTP2: Bool = false, time: any TimeSource = SystemTimeSource()
    ) {
        self.userAgent = userAgent
        self.reactors = max(1, reactors)
        self.maxConnections = max(1, maxConnections)
        self.maxResponseBytes = max(0, maxResponseBytes)
        self.caFile = caFile
        self.offersHTTP2 = offersHTTP2
        self.time = time
    }

    /// One reactor for each core, at most 4: one alone carries more than 20,000 requests a second.
    package static var defaultReactors: Int {
        min(max(sysconf(Int32(_SC_NPROCESSORS_ONLN)), 1), 4)
    }

    /// `CURL_CA_BUNDLE` (curl(1)) or `SSL_CERT_FILE` (SSL_CTX_load_verify_locations(3)) if one is set and not empty.
    package static func caFileOfEnvironment() -> String? {
        for name in ["CURL_CA_BUNDLE", "SSL_CERT_FILE"] {
            if let value = getenv(name), value.pointee != 0 { return String(cString: value) }
        }
        return nil
    }

    /// The file to trust: the one that was set, or the one libcurl was built for, if it can be read.
    var trustedFile: String? {
        if let caFile { return caFile }
        guard let built = ccurl_built_in_authorities(), access(built, R_OK) == 0 else { return nil }
        return String(cString: built)
    }
}
