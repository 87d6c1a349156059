import Glibc
package import JobModel
import NIOCore
import NIOHTTP1
import NIOPosix
import Reactor

/// Serves what people and monitors want to know of the process, over HTTP/1.1 on a thread of its own.
///
/// | path | what |
/// |---|---|
/// | `/healthz` | 200, or 503 if a due occurrence has not been handled for ten seconds; JSON |
/// | `/readyz` | 200 while runs are started, else 503; JSON |
/// | `/metrics` | Prometheus' text format, version 0.0.4 |
/// | `/` | a page for people |
/// | `/status.json` | the same for programs |
///
/// It answers whoever can reach it and asks nobody who he is: an address that others can reach wants a reason. It
/// changes nothing, and says no secret.
package final class StatusServer: Sendable {
    /// Where it listens, such as `127.0.0.1:9464` or `[::1]:9464`.
    package let address: String
    package let port: Int
    private let group: MultiThreadedEventLoopGroup
    private let listener: any Channel

    private init(address: String, port: Int, group: MultiThreadedEventLoopGroup, listener: any Channel) {
        self.address = address
        self.port = port
        self.group = group
        self.listener = listener
    }

    /// Starts a server; it serves until ``shutdown()``.
    ///
    /// - Throws: if nobody can listen there.
    package static func start(
        on address: ListenAddress, source: any StatusSource, time: any TimeSource = SystemTimeSource()
    ) async throws(StatusError) -> StatusServer {
        try await start(on: address, source: source, time: time, limits: StatusLimits())
    }

    static func start(
        on address: ListenAddress, source: any StatusSource, time: any TimeSource, limits: StatusLimits
    ) async throws(StatusError) -> StatusServer {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        do {
            let responder = StatusResponder(source: source, time: time)
            let listener = try await listen(address, group: group, responder: responder, limits: limits)
            let port = listener.localAddress?.port ?? address.port
            let bound = ListenAddress(host: listener.localAddress?.ipAddress ?? address.host, port: port)
            return StatusServer(address: bound.description, port: port, group: group, listener: listener)
        } catch {
            try? await group.shutdownGracefully()
            throw StatusError(
                .bind, message: "cannot listen on \(address): \(reason(of: error)); choose another address, or port 0",
                cause: error)
        }
    }

    /// Stops listening, ends all connections, and lets go of the thread.
    package func shutdown() async {
        try? await listener.close().get()
        try? await group.shutdownGracefully()
    }

    private static func listen(
        _ address: ListenAddress, group: MultiThreadedEventLoopGroup, responder: StatusResponder, limits: StatusLimits
    ) async throws -> any Channel {
        let loop = group.next()
        let connections = try await loop.submit {
            NIOLoopBound(OpenConnections(limit: limits.connections), eventLoop: loop)
        }.get()
        return try await ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 128)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    var decoding = NIOHTTPDecoderLimitConfiguration()
                    decoding.maxHeaderFieldSize = limits.headerBytes
                    decoding.maxHeaderListSize = limits.headerBytes
                    decoding.maxHeaderFieldCount = 100
                    let decoder = HTTPRequestDecoder(limitConfiguration: decoding)
                    try channel.pipeline.syncOperations.addHandlers([
                        HTTPResponseEncoder(), ByteToMessageHandler(decoder),
                        ConnectionHandler(responder: responder, limits: limits, connections: connections.value),
                    ])
                }
            }
            .bind(host: address.host, port: address.port).get()
    }

    /// The system's own words where there are some.
    private static func reason(of error: any Error) -> String {
        switch error {
        case let error as IOError: String(cString: strerror(error.errnoCode))
        case is SocketAddressError.UnknownHost: "the host is not known"
        default: "\(error)"
        }
    }
}
