import Glibc

/// A blocking connection to a sandbox; every wait ends after ten seconds.
final class RawConnection {
    enum Failure: Error {
        case connect(Int32)
        case send(Int32)
    }

    /// How reading went.
    enum Reading: Equatable {
        case bytes
        /// FIN.
        case closed
        /// RST.
        case reset
        case failed(Int32)
    }

    private let descriptor: Int32
    private(set) var received: [UInt8] = []

    init(port: Int) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var limit = timeval(tv_sec: 10, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        let descriptor = descriptor
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else { throw Failure.connect(errno) }
    }

    deinit {
        close(descriptor)
    }

    func send(_ bytes: [UInt8]) throws {
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes { buffer in
                let rest = UnsafeRawBufferPointer(rebasing: buffer[sent...])
                return Glibc.send(descriptor, rest.baseAddress, rest.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { throw Failure.send(errno) }
            sent += count
        }
    }

    /// Reads some bytes.
    func read() -> Reading {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        switch count {
        case 1...:
            received += buffer[..<count]
            return .bytes
        case 0: return .closed
        default: return errno == ECONNRESET ? .reset : .failed(errno)
        }
    }

    /// Reads up to the end of the connection.
    func readToEnd() -> Reading {
        while true {
            let reading = read()
            if reading != .bytes { return reading }
        }
    }

    /// Whether nothing has arrived so far that was not read.
    var isSilent: Bool {
        var byte: UInt8 = 0
        return recv(descriptor, &byte, 1, Int32(MSG_PEEK | MSG_DONTWAIT)) == -1 && errno == EAGAIN
    }

    /// Reads one response; nil if the connection ends before it does.
    func response() -> HTTPResponse? {
        while true {
            if let (response, length) = HTTPResponse.parse(received) {
                received.removeFirst(length)
                return response
            }
            guard read() == .bytes else { return nil }
        }
    }
}
