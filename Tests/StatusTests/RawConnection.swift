import Glibc

/// A blocking connection to a status server; every wait ends after ten seconds.
final class RawConnection {
    struct Failure: Error {
        var number: Int32
    }

    private let descriptor: Int32
    private(set) var received: [UInt8] = []

    /// - Parameter isVersion6: over `::1` in place of 127.0.0.1.
    init(port: Int, isVersion6: Bool = false, receiveBuffer: Int32? = nil) throws {
        descriptor = socket(isVersion6 ? AF_INET6 : AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var limit = timeval(tv_sec: 10, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        if var receiveBuffer { setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &receiveBuffer, 4) }
        let result: Int32
        if isVersion6 {
            var address = sockaddr_in6()
            address.sin6_family = sa_family_t(AF_INET6)
            address.sin6_port = UInt16(port).bigEndian
            address.sin6_addr = in6addr_loopback
            result = Self.connect(descriptor, address)
        } else {
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = UInt16(port).bigEndian
            address.sin_addr.s_addr = inet_addr("127.0.0.1")
            result = Self.connect(descriptor, address)
        }
        guard result == 0 else { throw Failure(number: errno) }
    }

    deinit {
        close(descriptor)
    }

    private static func connect<Address>(_ descriptor: Int32, _ address: Address) -> Int32 {
        withUnsafePointer(to: address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<Address>.size))
            }
        }
    }

    /// - Returns: whether all of it could be sent.
    @discardableResult
    func send(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return false }
            sent += count
        }
        return true
    }

    /// Reads up to the end of the connection.
    ///
    /// - Returns: whether there was one: an orderly one or a reset.
    func readToEnd() -> Bool {
        while true {
            let count = readSome()
            if count == 0 { return true }
            if count < 0 { return errno == ECONNRESET }
        }
    }

    /// Reads one response with a `Content-Length`; nil if the connection ends before it does.
    func response(toHead: Bool = false) -> (head: String, body: String)? {
        let blank = Array("\r\n\r\n".utf8)
        while true {
            if let end = received.firstRange(of: blank) {
                let head = String(decoding: received[..<end.lowerBound], as: UTF8.self)
                let length = toHead ? 0 : Self.contentLength(head)
                if received.count >= end.upperBound + length {
                    let body = received[end.upperBound..<end.upperBound + length]
                    received.removeFirst(end.upperBound + length)
                    return (head, String(decoding: body, as: UTF8.self))
                }
            }
            guard readSome() > 0 else { return nil }
        }
    }

    private func readSome() -> Int {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        if count > 0 { received += buffer[..<count] }
        return count
    }

    private static func contentLength(_ head: String) -> Int {
        for line in head.lowercased().split(separator: "\r\n") where line.hasPrefix("content-length: ") {
            return Int(line.dropFirst("content-length: ".count)) ?? 0
        }
        return 0
    }
}
