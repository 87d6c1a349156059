import CCurl
import Glibc
import JobModel

/// What is known about a transfer that failed, and what it is called.
struct TransferFailure {
    var code: CURLcode
    var mayHaveLeft: Bool
    var wasToBeRepeated = false
    /// The `errno` of the last failed connection attempt, or 0.
    var systemError: Int32 = 0
    /// What a proxy answered to `CONNECT`, or 0.
    var proxyStatus = 0
    /// libcurl's own words, perhaps empty (`CURLOPT_ERRORBUFFER`).
    var detail = ""
    var origin: Origin
    var timeout = Duration.zero
    var connectTimeout = Duration.zero

    var classified: TransportFailure {
        mayHaveLeft ? afterLeaving : beforeLeaving
    }

    /// DNS, connection, proxy, TLS: no byte of the request has left.
    private var beforeLeaving: TransportFailure {
        if proxyStatus != 0, proxyStatus / 100 != 2 {
            return TransportFailure(
                .proxy, message: "the proxy refused to connect to \(origin): status \(proxyStatus)")
        }
        switch code {
        case CURLE_COULDNT_RESOLVE_HOST:
            return TransportFailure(.dns, message: "the host name \(origin.host) could not be resolved")
        case CURLE_COULDNT_RESOLVE_PROXY:
            return TransportFailure(.proxy, message: "the proxy's host name could not be resolved\(reason)")
        case CURLE_PROXY:
            return TransportFailure(.proxy, message: "connect to \(origin) by a proxy failed\(reason)")
        case CURLE_COULDNT_CONNECT:
            return connectionFailure
        case CURLE_OPERATION_TIMEDOUT:
            let limit = min(timeout, connectTimeout)
            return TransportFailure(.timeout, message: "connect to \(origin) timed out after \(limit.durationText)")
        case _ where isTLS:
            return TransportFailure(.tls, message: "TLS with \(origin) failed\(reason)")
        case CURLE_URL_MALFORMAT, CURLE_UNSUPPORTED_PROTOCOL:
            return TransportFailure(.protocolViolation, message: "the URL of \(origin) cannot be used")
        case CURLE_SEND_ERROR, CURLE_RECV_ERROR, CURLE_GOT_NOTHING:
            return TransportFailure(.connect, message: "connect to \(origin) failed\(reason)")
        default:
            return TransportFailure(.aborted, message: "the request to \(origin) could not be sent\(reason)")
        }
    }

    private var connectionFailure: TransportFailure {
        if let proxy, proxy != origin {
            return TransportFailure(.proxy, message: "connect to the proxy \(proxy) failed: \(systemReason)")
        }
        if systemError == ETIMEDOUT {
            return TransportFailure(.timeout, message: "connect to \(origin) timed out: \(systemReason)")
        }
        return TransportFailure(.connect, message: "connect to \(origin) failed: \(systemReason)")
    }

    /// No whole answer came; the request may have been carried out.
    private var afterLeaving: TransportFailure {
        switch code {
        case CURLE_OPERATION_TIMEDOUT:
            return TransportFailure(.timeout, message: "no whole answer of \(origin) within \(timeout.durationText)")
        case CURLE_ABORTED_BY_CALLBACK where wasToBeRepeated:
            return TransportFailure(
                .reset, message: "\(origin) closed the connection before it answered; the request was not sent again")
        case CURLE_GOT_NOTHING:
            return TransportFailure(.reset, message: "\(origin) closed the connection before it answered")
        case CURLE_PARTIAL_FILE:
            return TransportFailure(.reset, message: "\(origin) closed the connection in the middle of its answer")
        case CURLE_RECV_ERROR where detail.contains("chunk"):
            return violation
        case CURLE_SEND_ERROR, CURLE_RECV_ERROR, CURLE_HTTP2_STREAM,
            // On a second connection, after the first one had turned out to be dead.
            CURLE_COULDNT_CONNECT, CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY, CURLE_PROXY:
            return TransportFailure(.reset, message: "the connection to \(origin) broke\(reason)")
        case CURLE_UNSUPPORTED_PROTOCOL, CURLE_WEIRD_SERVER_REPLY, CURLE_HTTP2:
            return violation
        case _ where isTLS:
            return TransportFailure(.tls, message: "TLS with \(origin) failed\(reason)")
        default:
            // Such as a header that is too long, or bytes after the end of what was compressed.
            return TransportFailure(.protocolViolation, message: "the answer of \(origin) cannot be read\(reason)")
        }
    }

    private var violation: TransportFailure {
        TransportFailure(.protocolViolation, message: "the answer of \(origin) is not HTTP\(reason)")
    }

    private var isTLS: Bool {
        [
            CURLE_SSL_CONNECT_ERROR, CURLE_SSL_ENGINE_NOTFOUND, CURLE_SSL_ENGINE_SETFAILED, CURLE_SSL_CERTPROBLEM,
            CURLE_SSL_CIPHER, CURLE_PEER_FAILED_VERIFICATION, CURLE_USE_SSL_FAILED, CURLE_SSL_ENGINE_INITFAILED,
            CURLE_SSL_CACERT_BADFILE, CURLE_SSL_SHUTDOWN_FAILED, CURLE_SSL_CRL_BADFILE, CURLE_SSL_ISSUER_ERROR,
            CURLE_SSL_PINNEDPUBKEYNOTMATCH, CURLE_SSL_INVALIDCERTSTATUS, CURLE_SSL_CLIENTCERT,
        ].contains(code)
    }

    /// A colon and libcurl's words, or its words for the code: on one line.
    private var reason: String {
        let words = detail.isEmpty ? String(cString: curl_easy_strerror(code)) : detail
        return ": " + String(words.unicodeScalars.map { $0.value < 0x20 ? " " : Character($0) })
    }

    private var systemReason: String {
        systemError == 0 ? String(cString: curl_easy_strerror(code)) : String(cString: strerror(systemError))
    }

    /// Whom libcurl could not connect to, by its own words: `Failed to connect to HOST port PORT after …`. Differs from
    /// the origin if there is a proxy in between; libcurl before 8.7 has no other way to tell.
    private var proxy: Origin? {
        let words = detail.split(separator: " ")
        guard detail.hasPrefix("Failed to connect to "), words.count > 6, words[5] == "port", let port = Int(words[6])
        else { return nil }
        return Origin(host: String(words[4]), port: port)
    }
}
