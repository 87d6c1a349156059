import Glibc
package import JobModel
import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// A local LivePerson: Domain API, Sentinel and gateway on one port of 127.0.0.1, told apart by their paths.
///
/// `GET /__stats` gives what it saw as JSON, `POST /__reset` starts counts and sequences anew.
package final class SandboxServer: Sendable {
    /// The port that it listens on.
    package let port: Int
    /// How to reach it, with the credentials that it takes: its own, or the script's first account by id.
    package let account: Account
    private let platform: LocalPlatform
    private let group: MultiThreadedEventLoopGroup
    private let listener: any Channel

    /// Where hosts are looked up, such as `http://127.0.0.1:8123`.
    package var baseURL: String { "http://127.0.0.1:\(port)" }

    private init(
        port: Int, account: Account, platform: LocalPlatform, group: MultiThreadedEventLoopGroup,
        listener: any Channel
    ) {
        self.port = port
        self.account = account
        self.platform = platform
        self.group = group
        self.listener = listener
    }

    /// Starts a sandbox; it serves until ``shutdown()``.
    ///
    /// - Throws: if the port is taken, or the configuration makes no sense.
    package static func start(_ configuration: SandboxConfiguration) async throws(SandboxError) -> SandboxServer {
        guard (0...65_535).contains(configuration.port) else {
            throw SandboxError(.configuration, message: "there is no port \(configuration.port)")
        }
        guard configuration.threads >= 1, configuration.maximumBody >= 1 else {
            throw SandboxError(.configuration, message: "a sandbox needs at least one thread and one byte of body")
        }
        let group = MultiThreadedEventLoopGroup(numberOfThreads: configuration.threads)
        do throws(SandboxError) {
            let listener = try await listen(configuration, group: group)
            guard let port = listener.channel.localAddress?.port else {
                throw SandboxError(.bind, message: "the listener on 127.0.0.1 has no port")
            }
            let account = account(of: configuration.script, port: port)
            return SandboxServer(
                port: port, account: account, platform: listener.platform, group: group, listener: listener.channel)
        } catch {
            try? await group.shutdownGracefully()
            throw error
        }
    }

    /// Stops listening, ends all connections, and lets go of the threads.
    package func shutdown() async {
        try? await listener.close().get()
        try? await group.shutdownGracefully()
    }

    /// What it saw so far.
    package func statistics() -> SandboxStatistics {
        platform.statistics()
    }

    /// Starts counts, sequences and memories anew; tokens stay good.
    package func reset() {
        platform.reset()
    }

    /// Makes every token worthless, as the platform may at any time.
    package func revokeTokens() {
        platform.state.withLock { $0.tokens.revokeAll() }
    }

    /// How often a payload was executed, by its bytes; 0 unless the script has payloads remembered.
    package func executions(ofPayload payload: [UInt8]) -> Int {
        payload.withUnsafeBytes { bytes in
            var hasher = Hasher()
            hasher.combine(bytes: bytes)
            let fingerprint = hasher.finalize()
            return platform.state.withLock { $0.payloads.executions(of: fingerprint) }
        }
    }

    private static func account(of script: SandboxScript, port: Int) -> Account {
        let platform: Platform = script.isV2 ? .v2 : .v1
        var account = SandboxAccount.account(domainAPI: "http://127.0.0.1:\(port)", platform: platform)
        if let (id, credentials) = script.accounts.min(by: { $0.key < $1.key }) {
            account.id = id
            account.clientID = credentials.clientID
            account.clientSecret = credentials.clientSecret
        }
        return account
    }

    private static func listen(
        _ configuration: SandboxConfiguration, group: MultiThreadedEventLoopGroup
    ) async throws(SandboxError) -> (channel: any Channel, platform: LocalPlatform) {
        let platform = PlatformBox()
        do {
            let listener = try await ServerBootstrap(group: group)
                .serverChannelOption(.backlog, value: 4096)
                .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
                .serverChannelOption(.autoRead, value: false)
                .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
                .childChannelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        guard let platform = platform.value else { throw ChannelError.operationUnsupported }
                        try channel.pipeline.syncOperations.addHandlers([
                            ByteToMessageHandler(HTTPRequestDecoder()),
                            ConnectionHandler(platform: platform, maximumBody: configuration.maximumBody),
                        ])
                    }
                }
                .bind(host: "127.0.0.1", port: configuration.port).get()
            let port = listener.localAddress?.port ?? configuration.port
            let local = LocalPlatform(configuration: configuration, port: port)
            platform.set(local)
            try await listener.setOption(.autoRead, value: true).get()
            return (listener, local)
        } catch {
            let place = "127.0.0.1:\(configuration.port)"
            throw SandboxError(
                .bind, message: "cannot listen on \(place): \(reason(of: error)); choose another port, or 0 for any",
                cause: error)
        }
    }

    /// The system's own words where there are some.
    private static func reason(of error: any Error) -> String {
        (error as? IOError).map { String(cString: strerror($0.errnoCode)) } ?? "\(error)"
    }
}
