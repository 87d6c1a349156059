internal import JobModel
internal import Synchronization

/// One request whose end is waited for.
final class HTTPExchange: HTTPReceiver {
    private let waiter: Mutex<CheckedContinuation<HTTPEnd, Never>?>

    private init(_ waiter: CheckedContinuation<HTTPEnd, Never>) {
        self.waiter = Mutex(waiter)
    }

    static func end(of request: HTTPRequest, over transport: any HTTPTransport) async -> HTTPEnd {
        await withCheckedContinuation { continuation in
            transport.start([request], receiver: HTTPExchange(continuation))
        }
    }

    func received(_ ends: [HTTPEnd]) {
        guard let end = ends.first else { return }
        let waiter = waiter.withLock { waiter in
            defer { waiter = nil }
            return waiter
        }
        waiter?.resume(returning: end)
    }
}
