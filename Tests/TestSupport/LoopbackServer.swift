import Glibc
import Synchronization

/// A server on 127.0.0.1 and a port of the system's choice that does with each connection what a test says, down to
/// broken answers and resets; one thread a connection.
package final class LoopbackServer: Sendable {
    package let port: UInt16
    private let listener: Int32
    private let acceptor: Acceptor

    /// - Parameter serve: called on a thread of its own for each connection, which is closed when it returns.
    package init(_ serve: @escaping @Sendable (LoopbackConnection) -> Void) throws {
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let (descriptor, length) = (listener, size)
        let bound = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, length) == 0 && listen(descriptor, 4096) == 0
                    && getsockname(descriptor, $0, &size) == 0
            }
        }
        guard bound else { throw LoopbackServerError(code: errno) }
        port = UInt16(bigEndian: address.sin_port)
        acceptor = Acceptor(listener: listener, serve: serve)
        acceptor.run()
    }

    deinit {
        shutdown(listener, Int32(SHUT_RDWR))
        acceptor.isDone.wait()
        close(listener)
    }

    /// `http://127.0.0.1:PORT` and a path.
    package func url(_ path: String = "/") -> String { "http://127.0.0.1:\(port)\(path)" }

    /// Connections that were accepted and are or were being served.
    package var connectionCount: Int { acceptor.state.withLock { $0.accepted } }

    /// Requests that were read whole, in order of their arrival.
    package var requests: [LoopbackRequest] { acceptor.state.withLock { $0.requests } }

    /// Waits until all connections have been dealt with, at most ten seconds.
    ///
    /// - Returns: whether they have.
    package func waitUntilIdle() -> Bool { acceptor.connections.waitUntilZero() }

    /// Listens, and answers nobody: its queue of connections is full, so that further ones hang.
    package static func deafPort() throws -> (port: UInt16, descriptors: [Int32]) {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let length = size
        var descriptors = [listener]
        let bound = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                guard bind(listener, address, length) == 0, listen(listener, 0) == 0,
                    getsockname(listener, address, &size) == 0
                else { return false }
                for _ in 0..<4 {
                    let client = socket(
                        AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue), 0)
                    _ = connect(client, address, length)
                    descriptors.append(client)
                }
                return true
            }
        }
        guard bound else { throw LoopbackServerError(code: errno) }
        return (UInt16(bigEndian: address.sin_port), descriptors)
    }
}

/// The system gave no socket.
package struct LoopbackServerError: Error {
    package var code: Int32
}

/// A request as a ``LoopbackServer`` read it.
package struct LoopbackRequest: Sendable {
    /// Request line and header lines, without the empty line.
    package var head: String
    package var body: [UInt8]

    package var line: String { String(head.prefix { $0 != "\r\n" }) }

    /// The first value of a header, or nil; the name in any case.
    package func header(_ name: String) -> String? {
        for line in head.split(separator: "\r\n").dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            if parts.count == 2, parts[0].lowercased() == name.lowercased() {
                return String(parts[1].drop { $0 == " " })
            }
        }
        return nil
    }
}

/// One connection of a ``LoopbackServer``. Reading gives up after ten seconds, so that no test hangs.
package final class LoopbackConnection {
    /// Connections are numbered from 0.
    package let number: Int
    /// For a test's own notes.
    package var answered = false
    private let descriptor: Int32
    private var isReset = false
    private let onRequest: (LoopbackRequest) -> Void
    private var unread: [UInt8] = []

    fileprivate init(descriptor: Int32, number: Int, onRequest: @escaping (LoopbackRequest) -> Void) {
        self.descriptor = descriptor
        self.number = number
        self.onRequest = onRequest
        var limit = timeval(tv_sec: 10, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        var yes: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &yes, 4)
    }

    /// The next request with its body; nil when the other side has closed.
    package func readRequest() -> LoopbackRequest? {
        let end = Array("\r\n\r\n".utf8)
        while true {
            if let head = unread.firstRange(of: end) {
                let text = String(decoding: unread[..<head.lowerBound], as: UTF8.self)
                var request = LoopbackRequest(head: text, body: [])
                let length = request.header("content-length").flatMap { Int($0) } ?? 0
                while unread.count - head.upperBound < length { guard readMore() else { return nil } }
                request.body = Array(unread[head.upperBound..<head.upperBound + length])
                unread.removeFirst(head.upperBound + length)
                onRequest(request)
                return request
            }
            guard readMore() else { return nil }
        }
    }

    /// What the other side sends next, whatever it is; empty when it has closed.
    package func readSome() -> [UInt8] {
        _ = readMore()
        defer { unread = [] }
        return unread
    }

    /// Sends text as it is.
    package func send(_ text: String) { send(Array(text.utf8)) }

    package func send(_ bytes: [UInt8]) {
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return }
            sent += count
        }
    }

    /// Sends a whole answer with a `Content-Length`.
    package func answer(_ status: Int = 200, headers: [String] = [], body: String = "") {
        let lines = ["HTTP/1.1 \(status) Text"] + headers + ["Content-Length: \(body.utf8.count)", "", ""]
        send(lines.joined(separator: "\r\n") + body)
    }

    /// Answers every request of the connection in the same way.
    package func answerAll(_ status: Int = 200, headers: [String] = [], body: String = "") {
        while readRequest() != nil { answer(status, headers: headers, body: body) }
    }

    /// Breaks the connection with a reset (RST) in place of an orderly end.
    package func reset() {
        isReset = true
        var lingering = linger(l_onoff: 1, l_linger: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &lingering, socklen_t(MemoryLayout<linger>.size))
    }

    fileprivate func close() {
        // At once, even if a child process has just got a copy of the descriptor.
        if !isReset { shutdown(descriptor, Int32(SHUT_RDWR)) }
        Glibc.close(descriptor)
    }

    /// Reads and drops until the other side closes.
    package func waitForClose() {
        while readMore() { unread = [] }
    }

    private func readMore() -> Bool {
        var bytes = [UInt8](repeating: 0, count: 16384)
        let count = read(descriptor, &bytes, bytes.count)
        guard count > 0 else { return false }
        unread += bytes[..<count]
        return true
    }
}

/// Accepts connections on a thread until the listener is shut down, and counts.
private final class Acceptor: Sendable {
    struct State: Sendable {
        var accepted = 0
        var requests: [LoopbackRequest] = []
    }

    let state = Mutex(State())
    let isDone = Latch()
    let connections = Countdown()
    private let listener: Int32
    private let serve: @Sendable (LoopbackConnection) -> Void

    init(listener: Int32, serve: @escaping @Sendable (LoopbackConnection) -> Void) {
        self.listener = listener
        self.serve = serve
    }

    func run() {
        startThread { [self] in
            while true {
                let descriptor = accept(listener, nil, nil)
                guard descriptor >= 0 else {
                    if errno == EINTR || errno == ECONNABORTED { continue }
                    break
                }
                connections.add()
                startThread { [self] in carry(descriptor) }
            }
            isDone.open()
        }
    }

    private func carry(_ descriptor: Int32) {
        // A child process of another test would keep the connection open.
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        let number = state.withLock {
            $0.accepted += 1
            return $0.accepted - 1
        }
        let connection = LoopbackConnection(descriptor: descriptor, number: number) { [self] request in
            state.withLock { $0.requests.append(request) }
        }
        serve(connection)
        connection.close()
        connections.finish()
    }
}

private func startThread(_ work: @escaping @Sendable () -> Void) {
    final class Box {
        let work: @Sendable () -> Void
        init(_ work: @escaping @Sendable () -> Void) { self.work = work }
    }
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    pthread_attr_setstacksize(&attributes, 256 << 10)
    pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
    var thread = pthread_t()
    pthread_create(
        &thread, &attributes,
        { context in
            if let context { Unmanaged<Box>.fromOpaque(context).takeRetainedValue().work() }
            return nil
        }, Unmanaged.passRetained(Box(work)).toOpaque())
    pthread_attr_destroy(&attributes)
}
