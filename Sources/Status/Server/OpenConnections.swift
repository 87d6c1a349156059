import NIOCore

/// The connections that are open, those that have been quiet longest first: clients that hold on to theirs, or send
/// nothing, must not keep others out. On one event loop.
final class OpenConnections {
    private let limit: Int
    private var inOrder: [(handler: ConnectionHandler, context: ChannelHandlerContext)] = []

    init(limit: Int) {
        self.limit = limit
    }

    /// Makes room for one more, by closing another if need be.
    func enter(_ handler: ConnectionHandler, _ context: ChannelHandlerContext) {
        if inOrder.count >= limit {
            let quietest = inOrder.removeFirst()
            quietest.handler.close(quietest.context)
        }
        inOrder.append((handler, context))
    }

    /// Something was asked over a connection.
    func used(_ handler: ConnectionHandler) {
        guard let place = inOrder.firstIndex(where: { $0.handler === handler }) else { return }
        inOrder.append(inOrder.remove(at: place))
    }

    func leave(_ handler: ConnectionHandler) {
        inOrder.removeAll { $0.handler === handler }
    }
}
