import CCurl
import Glibc

/// What is the same for all transfers of an engine.
struct TransferSettings: Sendable {
    let maxResponseBytes: Int
    let userAgent: String
    private let trustedFile: String?
    private let offersHTTP2: Bool
    private let mayHaveProxy: Bool
    private let withoutProxy: String

    /// What libcurl looks at for each request (libcurl-env(3)).
    private static let proxyVariables = ["http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"]

    init(_ configuration: HTTPEngineConfiguration) {
        maxResponseBytes = configuration.maxResponseBytes
        userAgent = configuration.userAgent
        trustedFile = configuration.trustedFile
        offersHTTP2 = configuration.offersHTTP2
        withoutProxy = Self.hostsWithoutProxy(getenv("no_proxy") ?? getenv("NO_PROXY"))
        mayHaveProxy = Self.proxyVariables.contains { getenv($0) != nil }
    }

    /// Hosts on this machine are never reached by a proxy, whatever the environment says: it would be another machine's
    /// loopback. `CURLOPT_NOPROXY` takes the place of the environment's list, so that is added to.
    private static func hostsWithoutProxy(_ listed: UnsafeMutablePointer<CChar>?) -> String {
        let loopback = "localhost,127.0.0.0/8,::1"
        guard let listed, listed.pointee != 0 else { return loopback }
        let hosts = String(cString: listed)
        return hosts == "*" ? hosts : "\(hosts),\(loopback)"
    }

    /// Whether requests go out in the form of ``RequestHead``: where libcurl prints a target as it is, which was seen of
    /// its version 7 alone.
    var writesHeads: Bool { !mayHaveProxy && !offersHTTP2 && Self.libcurlMajorVersion == 7 }

    private static let libcurlMajorVersion = curl_version_info(CURLVERSION_FIRST).pointee.version_num >> 16

    /// Sets a new easy handle up.
    func apply(to handle: UnsafeMutableRawPointer) {
        ccurl_easy_set_long(handle, CURLOPT_NOSIGNAL, 1)
        // Whoever gives up while a name is being resolved must not wait for the resolver's thread: all others would.
        ccurl_easy_set_long(handle, CURLOPT_QUICK_EXIT, 1)
        ccurl_easy_set_long(handle, CURLOPT_TCP_NODELAY, 1)
        ccurl_easy_set_long(handle, CURLOPT_PATH_AS_IS, 1)
        ccurl_easy_set_long(handle, CURLOPT_FOLLOWLOCATION, 0)
        // What lies idle for longer may be closed by the other side just as a request leaves.
        ccurl_easy_set_long(handle, CURLOPT_MAXAGE_CONN, 15)
        ccurl_easy_set_long(
            handle, CURLOPT_HTTP_VERSION, Int(offersHTTP2 ? CURL_HTTP_VERSION_2TLS : CURL_HTTP_VERSION_1_1))
        ccurl_easy_set_offset(handle, CURLOPT_MAXFILESIZE_LARGE, curl_off_t(max(1, maxResponseBytes)))
        ccurl_easy_set_string(handle, CURLOPT_PROTOCOLS_STR, "http,https")
        ccurl_easy_set_string(handle, CURLOPT_ACCEPT_ENCODING, "gzip")
        if mayHaveProxy {
            // For requests to the proxy itself.
            ccurl_easy_set_string(handle, CURLOPT_USERAGENT, userAgent)
            ccurl_easy_set_string(handle, CURLOPT_NOPROXY, withoutProxy)
        } else {
            // Saves searches of the whole environment for several names at each request.
            ccurl_easy_set_string(handle, CURLOPT_PROXY, "")
            ccurl_easy_set_string(handle, CURLOPT_NOPROXY, "*")
        }
        if let trustedFile {
            for option in [CURLOPT_CAINFO, CURLOPT_PROXY_CAINFO] {
                ccurl_easy_set_string(handle, option, trustedFile)
            }
            // A folder of authorities besides the file would keep libcurl from caching them (CURLOPT_CA_CACHE_TIMEOUT):
            // every TLS connection would read the file anew, which takes longer than the handshake.
            for option in [CURLOPT_CAPATH, CURLOPT_PROXY_CAPATH] {
                ccurl_easy_set_string(handle, option, nil)
            }
        }
    }
}
