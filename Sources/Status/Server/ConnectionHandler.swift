import NIOCore
import NIOHTTP1

/// One connection of the status server: one request at a time, and for each step a time in which it is to be done.
final class ConnectionHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private enum Stage {
        /// For the first request, or the next one.
        case waiting
        /// A request is being received.
        case receiving(HTTPRequestHead)
        /// An answer is being sent.
        case answering
        case closed
    }

    private let responder: StatusResponder
    private let limits: StatusLimits
    private let connections: OpenConnections
    private var stage = Stage.waiting
    private var bodyBytes = 0
    private var deadline: Scheduled<Void>?

    init(responder: StatusResponder, limits: StatusLimits, connections: OpenConnections) {
        self.responder = responder
        self.limits = limits
        self.connections = connections
    }

    func channelActive(context: ChannelHandlerContext) {
        connections.enter(self, context)
        // Who connects has something to ask.
        expect(within: limits.requestTime, context)
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        stage = .closed
        deadline?.cancel()
        connections.leave(self)
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch (unwrapInboundIn(data), stage) {
        case (.head(let head), .waiting):
            stage = .receiving(head)
            connections.used(self)
            bodyBytes = 0
            expect(within: limits.requestTime, context)
        case (.head, .answering):
            // Pipelining would let a client that reads nothing make us keep any number of answers.
            close(context)
        case (.body(let part), .receiving):
            bodyBytes += part.readableBytes
            if bodyBytes > limits.bodyBytes { close(context) }
        case (.end, .receiving(let head)):
            let response = responder.answer(head.method.rawValue, head.uri)
            send(response, isHead: head.method == .HEAD, closes: !head.isKeepAlive || bodyBytes > 0, context)
        default: break
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard let error = error as? HTTPParserError, !isAnswering else { return close(context) }
        let isTooLarge = error == .headerOverflow
        let response =
            isTooLarge
            ? StatusResponse(.headersTooLarge, "the headers are too large")
            : StatusResponse(.badRequest, "not HTTP/1.1")
        send(response, isHead: false, closes: true, context)
    }

    private var isAnswering: Bool {
        switch stage {
        case .waiting, .receiving: false
        case .answering, .closed: true
        }
    }

    private func send(_ response: StatusResponse, isHead: Bool, closes: Bool, _ context: ChannelHandlerContext) {
        stage = .answering
        expect(within: limits.answerTime, context)
        let head = HTTPResponseHead(
            version: .http1_1, status: HTTPResponseStatus(statusCode: response.status.rawValue),
            headers: Self.headers(response, closes: closes))
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        if !isHead {
            context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: response.body)))), promise: nil)
        }
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        context.writeAndFlush(wrapOutboundOut(.end(nil))).whenComplete { result in
            let (handler, context) = bound.value
            handler.sent(closes: closes, result, context)
        }
    }

    private func sent(closes: Bool, _ result: Result<Void, any Error>, _ context: ChannelHandlerContext) {
        guard case .answering = stage else { return }
        guard !closes, case .success = result else { return close(context) }
        stage = .waiting
        expect(within: limits.idleTime, context)
    }

    func close(_ context: ChannelHandlerContext) {
        stage = .closed
        context.close(promise: nil)
    }

    /// Closes the connection if nothing else was expected by then.
    private func expect(within time: TimeAmount, _ context: ChannelHandlerContext) {
        deadline?.cancel()
        deadline = context.eventLoop.assumeIsolated().scheduleTask(in: time) { self.close(context) }
    }

    private static func headers(_ response: StatusResponse, closes: Bool) -> HTTPHeaders {
        var headers: HTTPHeaders = [
            "Content-Type": response.contentType,
            "Content-Length": "\(response.body.count)",
            "Cache-Control": "no-store",
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
        ]
        if response.status == .methodNotAllowed { headers.add(name: "Allow", value: "GET, HEAD") }
        if closes { headers.add(name: "Connection", value: "close") }
        return headers
    }
}
