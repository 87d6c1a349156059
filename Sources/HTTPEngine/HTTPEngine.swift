import CCurl
package import JobModel
import Synchronization

/// HTTP requests by libcurl's multi-socket interface, on a few reactors.
///
/// - An answer with any three-digit status is a response, 901 included. Redirects are not followed.
/// - HTTP/1.1 with connections that are kept; HTTP/2 only if the configuration says so. Then too a request does not
///   wait to share a connection that is being made (`CURLOPT_PIPEWAIT` is off): without ALPN (RFC 7301) on the other
///   side it would wait for the first answer.
/// - `Accept-Encoding: gzip` is sent and answers are decompressed; the cap counts the decompressed bytes.
/// - Proxies come from the environment (`http_proxy`, `https_proxy`, `all_proxy`, `no_proxy`; libcurl-env(3)).
/// - TLS is verified against the system's certificate authorities, or those of the configuration's file.
/// - A request is sent at most once. libcurl by itself sends a request again when a reused connection turns out to be
///   closed; here that ends as ``HTTPEnd/Result/unknown(_:)`` in place of it (`CURLOPT_PREREQFUNCTION`).
package final class HTTPEngine: HTTPTransport, Sendable {
    private let reactors: [CurlReactor]
    private let time: any TimeSource

    /// - Throws: if libcurl does not start or the system gives no descriptor.
    package init(_ configuration: HTTPEngineConfiguration) throws(HTTPEngineError) {
        guard Self.libraryStarted == CURLE_OK else {
            let reason = String(cString: curl_easy_strerror(Self.libraryStarted))
            throw HTTPEngineError(.library, message: "libcurl did not start: \(reason)")
        }
        var reactors: [CurlReactor] = []
        do {
            for index in 0..<configuration.reactors {
                reactors.append(try CurlReactor(index: index, configuration: configuration))
            }
        } catch {
            for reactor in reactors { reactor.closeLater() }
            throw error
        }
        self.reactors = reactors
        time = configuration.time
    }

    deinit {
        for reactor in reactors { reactor.closeLater() }
    }

    /// Starts requests; each goes to the reactor that has the fewest in flight.
    package func start(_ requests: [HTTPRequest], receiver: any HTTPReceiver) {
        guard !requests.isEmpty else { return }
        let (wall, monotonic) = (time.wallNow(), time.monotonicNow())
        let loads = reactors.map { $0.load.load(ordering: .relaxed) }
        var begin = requests.startIndex
        for (reactor, share) in zip(reactors, Self.shares(of: requests.count, among: loads)) where share > 0 {
            let batch = TransferBatch(
                requests: requests[begin..<begin + share], receiver: receiver, wall: wall, monotonic: monotonic)
            begin += share
            reactor.start(batch)
        }
    }

    package func cancelAll(of receiver: any HTTPReceiver) {
        for reactor in reactors { reactor.cancelAll(of: receiver) }
    }

    /// Aborts what is in flight, reports it, closes all connections and frees libcurl's handles; then returns.
    ///
    /// What is started afterwards ends as cancelled. Not to be called by a receiver from ``HTTPReceiver/received(_:)``:
    /// two reactors could wait for each other. A dropped engine does the same without anybody waiting for it.
    package func shutdown() {
        for reactor in reactors { reactor.close() }
    }

    /// How many of some requests each reactor gets, so that the fullest ends as empty as possible; of equally full
    /// ones the first gets them, since single requests one after another then reuse one connection.
    static func shares(of count: Int, among loads: [Int]) -> [Int] {
        guard loads.count > 1 else { return [count] }
        var shares = Array(repeating: 0, count: loads.count)
        for _ in 0..<count {
            var emptiest = 0
            for index in 1..<loads.count where loads[index] + shares[index] < loads[emptiest] + shares[emptiest] {
                emptiest = index
            }
            shares[emptiest] += 1
        }
        return shares
    }

    /// libcurl and OpenSSL are started once in a process and never stopped (curl_global_init(3)).
    private static let libraryStarted: CURLcode = curl_global_init(Int(CURL_GLOBAL_DEFAULT))
}

/// Requests of one receiver, handed to one reactor together.
struct TransferBatch: Sendable {
    var requests: ArraySlice<HTTPRequest>
    var receiver: any HTTPReceiver
    /// When they were handed to the engine.
    var wall: Timestamp
    var monotonic: MonotonicInstant
}
