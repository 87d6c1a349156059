import CCurl
import Glibc

/// The sockets of a multi handle in an epoll descriptor (epoll(7)), with an eventfd(2) that ends a wait early.
///
/// libcurl gives a socket up after each request and asks for it again at the next. It stays in the descriptor
/// meanwhile, parked, which saves two system calls a request; this needs to know when a socket is closed.
struct SocketSet: ~Copyable {
    let epoll: Int32
    private let bell: Int32
    /// By socket.
    private var states: [State] = []
    private let ready: UnsafeMutablePointer<ccurl_ready>
    private var count = 0
    private var position = 0

    private struct State: OptionSet {
        let rawValue: UInt8
        /// What epoll watches it for: the bits of `CURL_POLL_IN` and `CURL_POLL_OUT`.
        static let input = State(rawValue: 1)
        static let output = State(rawValue: 2)
        static let watched: State = [.input, .output]
        /// It was opened by ``open(_:)``, so that ``close(_:)`` will be called for it.
        static let isOwn = State(rawValue: 4)
        /// It is being watched although libcurl does not ask for it.
        static let isParked = State(rawValue: 8)
    }

    init() throws(HTTPEngineError) {
        bell = ccurl_bell_open()
        epoll = epoll_create1(Int32(EPOLL_CLOEXEC))
        ready = .allocate(capacity: Int(ccurl_round_size))
        guard bell >= 0, epoll >= 0, ccurl_epoll_watch(epoll, bell, CURL_POLL_IN, 0) == 0 else {
            throw HTTPEngineError(.descriptor, message: "no epoll descriptor: \(String(cString: strerror(errno)))")
        }
    }

    deinit {
        ready.deallocate()
        for descriptor in [bell, epoll] where descriptor >= 0 { Glibc.close(descriptor) }
    }

    /// What others ring to end a wait: a descriptor, for any thread.
    var bellDescriptor: Int32 { bell }

    /// Opens a socket for libcurl (`CURLOPT_OPENSOCKETFUNCTION`).
    mutating func open(_ address: UnsafePointer<curl_sockaddr>) -> curl_socket_t {
        let socket = ccurl_open_socket(address)
        if socket >= 0 { self[socket] = .isOwn }
        return socket
    }

    /// Closes a socket for libcurl (`CURLOPT_CLOSESOCKETFUNCTION`).
    mutating func close(_ socket: curl_socket_t) -> Int32 {
        if !self[socket].isDisjoint(with: .watched) { ccurl_epoll_forget(epoll, socket) }
        self[socket] = []
        // Its number may be another's soon, whom this round's news do not concern.
        for index in position..<max(position, count) where ready[index].descriptor == socket {
            ready[index].descriptor = -1
        }
        return Glibc.close(socket)
    }

    /// libcurl wants a socket watched, or not any more (`CURLMOPT_SOCKETFUNCTION`).
    mutating func watch(_ socket: curl_socket_t, for what: Int32) {
        let state = self[socket]
        if what == CURL_POLL_REMOVE {
            if state.contains(.isOwn), !state.isDisjoint(with: .watched) {
                self[socket].insert(.isParked)
            } else {
                forget(socket)
            }
            return
        }
        let wanted = State(rawValue: UInt8(truncatingIfNeeded: what)).intersection(.watched)
        if state.intersection(.watched) != wanted {
            let isWatched: Int32 = state.isDisjoint(with: .watched) ? 0 : 1
            // A failure (no memory in the kernel) lets this one transfer time out; telling libcurl would make it give
            // up the whole multi handle.
            guard ccurl_epoll_watch(epoll, socket, what, isWatched) == 0 else { return }
        }
        self[socket] = state.intersection(.isOwn).union(wanted)
    }

    /// Waits until sockets are ready or the bell rings.
    ///
    /// - Returns: whether anything was there before the timeout.
    mutating func wait(milliseconds: Int32) -> Bool {
        position = 0
        count = Int(ccurl_epoll_wait(epoll, ready, milliseconds))
        return count > 0
    }

    /// The next of the sockets that the last ``wait(milliseconds:)`` found ready, with its `CURL_CSELECT` bits.
    mutating func next() -> (socket: curl_socket_t, what: Int32)? {
        while position < count {
            let (descriptor, what) = (ready[position].descriptor, ready[position].what)
            position += 1
            if descriptor == bell {
                ccurl_bell_silence(bell)
            } else if descriptor >= 0 {
                guard self[descriptor].contains(.isParked) else { return (descriptor, what) }
                // The other side has closed it; libcurl sees that when it wants to use it again.
                forget(descriptor)
            }
        }
        return nil
    }

    private mutating func forget(_ socket: curl_socket_t) {
        ccurl_epoll_forget(epoll, socket)
        self[socket].formIntersection(.isOwn)
    }

    private subscript(socket: curl_socket_t) -> State {
        get { Int(socket) < states.count ? states[Int(socket)] : [] }
        set {
            while states.count <= Int(socket) { states.append([]) }
            states[Int(socket)] = newValue
        }
    }
}
