import BinarySupport
import Foundation

/// The socket to which services report to their manager (sd_notify(3)), as the manager has it.
final class NotifySocket {
    private let descriptor: Int32
    private let folder: TemporaryFolder
    let path: String
    private var received = ""

    struct NoSocket: Error {
        var number: Int32
    }

    init() throws {
        folder = try TemporaryFolder()
        path = folder.url.path + "/notify"
        descriptor = socket(
            AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(path.utf8)) }
        let (descriptor, size) = (descriptor, socklen_t(MemoryLayout<sockaddr_un>.size))
        let isBound = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, size) == 0 }
        }
        guard isBound else { throw NoSocket(number: errno) }
    }

    deinit {
        close(descriptor)
    }

    /// Waits until a message is there that holds these words, and forgets what came up to it.
    func waitFor(_ words: String) async throws {
        try await Polling.until("\(words) on the notify socket") {
            var buffer = [UInt8](repeating: 0, count: 4096)
            while true {
                let count = recv(descriptor, &buffer, buffer.count, 0)
                guard count > 0 else { break }
                received += String(decoding: buffer[..<count], as: UTF8.self) + "\n"
            }
            guard let end = received.range(of: words) else { return false }
            received = String(received[end.upperBound...])
            return true
        }
    }
}
