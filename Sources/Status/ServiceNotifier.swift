import Glibc

/// Tells the service manager that started the process how it fares: datagrams to the socket that `NOTIFY_SOCKET` names
/// (sd_notify(3)).
package struct ServiceNotifier: Sendable {
    /// What the service manager is told.
    package enum Message: Sendable, Hashable {
        /// Start-up, or a reload, is finished.
        case ready
        /// A reload begins, at so many microseconds on `CLOCK_MONOTONIC`. ``ready`` ends it.
        case reloading(uptimeMicroseconds: Int64)
        /// The shutdown begins.
        case stopping
        /// One line for people, shown by `systemctl status`.
        case status(String)
        /// The process is alive; see ``ServiceNotifier/watchdogInterval``.
        case watchdog
    }

    /// How often ``Message/watchdog`` is to be sent: half the time after which the service manager restarts a process
    /// that is silent (`WATCHDOG_USEC`, sd_watchdog_enabled(3)). Nil if it does not watch this process.
    package let watchdogInterval: Duration?
    private let address: [UInt8]

    /// How long a message may wait for room in the service manager's queue.
    private static let patience = timeval(tv_sec: 1, tv_usec: 0)

    /// Nil unless the process was started by a service manager that wants to be told.
    ///
    /// - Parameters:
    ///   - environment: the process's own.
    ///   - process: its id, to which the watchdog may be limited (`WATCHDOG_PID`).
    /// - Throws: if `NOTIFY_SOCKET` is neither an absolute path nor an abstract name (`@…`), or too long for one.
    package init?(environment: [String: String], process: Int32 = getpid()) throws(StatusError) {
        guard let socket = environment["NOTIFY_SOCKET"], !socket.isEmpty else { return nil }
        var address = Array(socket.utf8)
        let capacity = MemoryLayout.size(ofValue: sockaddr_un().sun_path)
        guard address.count > 1, address[0] == UInt8(ascii: "/") || address[0] == UInt8(ascii: "@") else {
            throw StatusError(.notification, message: "NOTIFY_SOCKET is neither an absolute path nor begins with @")
        }
        // A path ends with a zero byte, an abstract name begins with one (unix(7)).
        guard address.count < capacity else {
            throw StatusError(.notification, message: "NOTIFY_SOCKET is longer than \(capacity - 1) bytes")
        }
        if address[0] == UInt8(ascii: "@") { address[0] = 0 }
        self.address = address
        watchdogInterval = Self.watchdogInterval(environment, process: process)
    }

    /// Sends messages together, in one datagram. Waits a second at most.
    ///
    /// - Throws: if the service manager does not take them.
    package func send(_ messages: Message...) throws(StatusError) {
        let text = messages.map(Self.text).joined(separator: "\n")
        let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw Self.failure("socket") }
        defer { close(descriptor) }
        var patience = Self.patience
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        var target = sockaddr_un()
        target.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &target.sun_path) { $0.copyBytes(from: address) }
        // The length tells an abstract name from one with zeros behind it.
        let length = MemoryLayout<sockaddr_un>.offset(of: \.sun_path).map { $0 + address.count } ?? 0
        let bytes = Array(text.utf8)
        let sent = withUnsafePointer(to: target) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                sendto(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL), $0, socklen_t(length))
            }
        }
        guard sent == bytes.count else { throw Self.failure("sendto") }
    }

    private static func text(_ message: Message) -> String {
        switch message {
        case .ready: "READY=1"
        case .reloading(let microseconds): "RELOADING=1\nMONOTONIC_USEC=\(microseconds)"
        case .stopping: "STOPPING=1"
        case .status(let text): "STATUS=" + oneLine(text)
        case .watchdog: "WATCHDOG=1"
        }
    }

    /// A line feed would begin the next assignment.
    private static func oneLine(_ text: String) -> String {
        String(decoding: text.utf8.map { $0 < 0x20 || $0 == 0x7F ? UInt8(ascii: " ") : $0 }, as: UTF8.self)
    }

    private static func watchdogInterval(_ environment: [String: String], process: Int32) -> Duration? {
        guard let text = environment["WATCHDOG_USEC"], let microseconds = Int64(text), microseconds > 1 else {
            return nil
        }
        if let limited = environment["WATCHDOG_PID"], Int32(limited) != process { return nil }
        return .microseconds(microseconds / 2)
    }

    private static func failure(_ call: String) -> StatusError {
        let reason = String(cString: strerror(errno))
        return StatusError(.notification, message: "the service manager cannot be told: \(reason) (\(call))")
    }
}
