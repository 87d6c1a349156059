import Glibc
import JobModel
import NIOCore
import NIOHTTP1

/// One connection: collects requests, asks the platform, and delivers its answers in order, late, broken or never.
final class ConnectionHandler: ChannelDuplexHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// Requests that wait for the one before them; beyond that no more is read.
    private static let waitingLimit = 16

    private let platform: LocalPlatform
    private let maximumBody: Int
    private var encoder = ResponseEncoder()
    /// The request that is being received.
    private var head: HTTPRequestHead?
    private var body = ByteBuffer()
    private var isTooLarge = false
    /// Requests received in full that are not answered yet; the first one is in work.
    private var waiting: CircularBuffer<(head: HTTPRequestHead, request: PlatformRequest)> = []
    /// The first of ``waiting`` is with the platform, or left without an answer.
    private var isBusy = false
    private var ticket: Ticket?
    private var isReadPending = false
    /// Nothing more is read from, or written to, the peer.
    private var isClosed = false

    init(platform: LocalPlatform, maximumBody: Int) {
        self.platform = platform
        self.maximumBody = maximumBody
    }

    func channelActive(context: ChannelHandlerContext) {
        platform.connected()
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        isClosed = true
        handBackTicket()
        platform.disconnected()
        context.fireChannelInactive()
    }

    func read(context: ChannelHandlerContext) {
        if waiting.count < Self.waitingLimit {
            context.read()
        } else {
            isReadPending = true
        }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isClosed else { return }
        switch unwrapInboundIn(data) {
        case .head(let head):
            self.head = head
            isTooLarge = false
            body = ByteBuffer()
            if head.headers.contains(name: "expect") { sendContinue(context) }
        case .body(var part):
            guard body.readableBytes + part.readableBytes <= maximumBody else {
                isTooLarge = true
                body = ByteBuffer()
                return
            }
            if isTooLarge { return }
            if body.readableBytes == 0 { body = part } else { body.writeBuffer(&part) }
        case .end:
            guard let head else { return }
            self.head = nil
            let request = PlatformRequest(
                method: head.method.rawValue, uri: head.uri, fields: RequestFields(head.headers), body: body,
                isTooLarge: isTooLarge)
            body = ByteBuffer()
            waiting.append((head, request))
            if waiting.count == 1 { work(context) }
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        context.flush()
        context.fireChannelReadComplete()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard !isClosed else { return }
        if let error = error as? HTTPParserError {
            platform.malformed("not HTTP/1.1: \(error)")
            isClosed = true
            var buffer = context.channel.allocator.buffer(capacity: 256)
            encoder.write(
                platform.refusal(400, message: "not HTTP/1.1"), isHead: false, closes: true,
                now: platform.time.wallNow(), to: &buffer)
            closeAfterWriting(buffer, context)
        } else {
            isClosed = true
            context.close(promise: nil)
        }
    }

    /// Answers waiting requests until one takes its time.
    private func work(_ context: ChannelHandlerContext) {
        while !isClosed, !isBusy, let next = waiting.first {
            isBusy = true
            let answer = platform.answer(next.request)
            ticket = answer.ticket
            guard answer.latency > .zero else {
                deliver(answer, to: next.head, context)
                continue
            }
            let delay = TimeAmount.nanoseconds(answer.latency.wholeNanoseconds)
            context.eventLoop.assumeIsolated().scheduleTask(in: delay) {
                guard !self.isClosed else { return }
                self.deliver(answer, to: next.head, context)
                self.work(context)
                context.flush()
            }
        }
    }

    private func deliver(_ answer: Answer, to head: HTTPRequestHead, _ context: ChannelHandlerContext) {
        let now = platform.time.wallNow()
        switch answer.delivery {
        case .hang: return
        case .whole:
            let closes = !head.isKeepAlive || head.version.minor == 0 || answer.status == 413
            var buffer = context.channel.allocator.buffer(capacity: 256 + answer.body.count)
            encoder.write(answer, isHead: head.method == .HEAD, closes: closes, now: now, to: &buffer)
            finish()
            if closes {
                isClosed = true
                closeAfterWriting(buffer, context)
            } else {
                context.write(wrapOutboundOut(buffer), promise: nil)
                resumeReading(context)
            }
        case .torn:
            var buffer = context.channel.allocator.buffer(capacity: 256 + answer.body.count)
            encoder.write(answer, isHead: false, closes: false, now: now, to: &buffer)
            end(context) { closeAfterWriting(buffer, context) }
        case .garbage:
            end(context) { closeAfterWriting(ByteBuffer(string: ResponseEncoder.garbage), context) }
        case .close:
            end(context) { context.close(promise: nil) }
        case .reset:
            end(context) { reset(context) }
        }
    }

    /// The request in work is done with.
    private func finish() {
        waiting.removeFirst()
        isBusy = false
        handBackTicket()
    }

    private func end(_ context: ChannelHandlerContext, _ close: () -> Void) {
        finish()
        isClosed = true
        close()
    }

    private func handBackTicket() {
        if let ticket { platform.finished(ticket) }
        ticket = nil
    }

    private func resumeReading(_ context: ChannelHandlerContext) {
        guard isReadPending, waiting.count < Self.waitingLimit else { return }
        isReadPending = false
        context.read()
    }

    private func sendContinue(_ context: ChannelHandlerContext) {
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: "HTTP/1.1 100 Continue\r\n\r\n")), promise: nil)
    }

    private func closeAfterWriting(_ buffer: ByteBuffer, _ context: ChannelHandlerContext) {
        let loopBound = NIOLoopBound(context, eventLoop: context.eventLoop)
        context.writeAndFlush(wrapOutboundOut(buffer)).whenComplete { _ in loopBound.value.close(promise: nil) }
    }

    /// Closes so that the peer sees a reset: a socket that does not linger is aborted (socket(7), `SO_LINGER`).
    private func reset(_ context: ChannelHandlerContext) {
        guard let socket = context.channel as? any SocketOptionProvider else { return context.close(promise: nil) }
        let loopBound = NIOLoopBound(context, eventLoop: context.eventLoop)
        socket.setSoLinger(linger(l_onoff: 1, l_linger: 0)).whenComplete { _ in
            loopBound.value.close(promise: nil)
        }
    }
}
