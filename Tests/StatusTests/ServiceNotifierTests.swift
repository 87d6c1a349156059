import Glibc
import Status
import TestSupport
import Testing

@Suite struct ServiceNotifierTests {
    /// A service manager's end of the socket.
    private final class Manager {
        private let descriptor: Int32

        /// - Parameter name: a path, or an abstract name that begins with `@`.
        init(_ name: String) throws {
            descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
            var limit = timeval(tv_sec: 10, tv_usec: 0)
            setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
            var address = sockaddr_un()
            address.sun_family = sa_family_t(AF_UNIX)
            var bytes = Array(name.utf8)
            if bytes[0] == UInt8(ascii: "@") { bytes[0] = 0 }
            withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
            let length = socklen_t(2 + bytes.count)
            let descriptor = descriptor
            let result = withUnsafePointer(to: address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, length) }
            }
            try #require(result == 0, "bind: \(errno)")
        }

        deinit { close(descriptor) }

        func receive() -> String? {
            var buffer = [UInt8](repeating: 0, count: 4096)
            let count = recv(descriptor, &buffer, buffer.count, 0)
            return count < 0 ? nil : String(decoding: buffer[..<count], as: UTF8.self)
        }
    }

    @Test(arguments: [false, true])
    func tellsTheManager(isAbstract: Bool) throws {
        let folder = try TemporaryFolder()
        let name = isAbstract ? "@fnrun-test\(folder.path)" : "\(folder.path)/notify"
        let manager = try Manager(name)
        let notifier = try #require(try ServiceNotifier(environment: ["NOTIFY_SOCKET": name]))
        try notifier.send(.ready, .status("3 jobs"))
        #expect(manager.receive() == "READY=1\nSTATUS=3 jobs")
        try notifier.send(.reloading(uptimeMicroseconds: 12_345_678))
        #expect(manager.receive() == "RELOADING=1\nMONOTONIC_USEC=12345678")
        try notifier.send(.stopping)
        #expect(manager.receive() == "STOPPING=1")
        try notifier.send(.watchdog)
        #expect(manager.receive() == "WATCHDOG=1")
        try notifier.send(.status("two\nlines\u{7F}READY=1 ü"))
        #expect(manager.receive() == "STATUS=two lines READY=1 ü")
    }

    @Test func isNotThereWithoutAManager() throws {
        #expect(try ServiceNotifier(environment: [:]) == nil)
        #expect(try ServiceNotifier(environment: ["NOTIFY_SOCKET": ""]) == nil)
    }

    @Test(arguments: ["relative/path", "@", "/", "vsock:2:1234", "/" + String(repeating: "x", count: 107)])
    func refusesWhatIsNoAddress(_ name: String) {
        #expect(throws: StatusError.self) { try ServiceNotifier(environment: ["NOTIFY_SOCKET": name]) }
    }

    @Test func saysThatNobodyListens() throws {
        let folder = try TemporaryFolder()
        let notifier = try #require(
            try ServiceNotifier(environment: ["NOTIFY_SOCKET": "\(folder.path)/none"]))
        let error = #expect(throws: StatusError.self) { try notifier.send(.ready) }
        #expect(error?.message == "the service manager cannot be told: No such file or directory (sendto)")
    }

    @Test func theLongestPathIsTaken() throws {
        let name = "@" + String(repeating: "n", count: 90) + "\(getpid())"
        let manager = try Manager(name)
        try #require(try ServiceNotifier(environment: ["NOTIFY_SOCKET": name])).send(.ready)
        #expect(manager.receive() == "READY=1")
    }

    @Test(
        arguments: [
            (["WATCHDOG_USEC": "30000000"], Duration.seconds(15)),
            (["WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "77"], .seconds(15)),
            (["WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "78"], nil),
            (["WATCHDOG_USEC": "0"], nil), (["WATCHDOG_USEC": "-5"], nil), (["WATCHDOG_USEC": "soon"], nil), ([:], nil),
        ] as [([String: String], Duration?)])
    func knowsHowOftenTheWatchdogWantsToHear(_ variables: [String: String], interval: Duration?) throws {
        let environment = variables.merging(["NOTIFY_SOCKET": "/run/notify"]) { $1 }
        let notifier = try #require(try ServiceNotifier(environment: environment, process: 77))
        #expect(notifier.watchdogInterval == interval)
    }
}
