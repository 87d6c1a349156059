import HTTPEngine
import JobModel
import Synchronization

/// Takes ends and hands them to a test one after another.
final class Collector: HTTPReceiver {
    private let stream: AsyncStream<HTTPEnd>
    private let continuation: AsyncStream<HTTPEnd>.Continuation
    private let received = Mutex<[UInt64]>([])

    init() {
        (stream, continuation) = AsyncStream.makeStream()
    }

    func received(_ ends: [HTTPEnd]) {
        received.withLock { $0 += ends.map(\.id) }
        for end in ends { continuation.yield(end) }
    }

    /// Ids of everything that was ever reported.
    var ids: [UInt64] { received.withLock { $0 } }

    /// Waits for some ends.
    func next(_ count: Int) async -> [HTTPEnd] {
        var ends: [HTTPEnd] = []
        guard count > 0 else { return ends }
        for await end in stream {
            ends.append(end)
            if ends.count == count { break }
        }
        return ends
    }
}

extension HTTPEngine {
    static func make(
        reactors: Int = 1, maxResponseBytes: Int = 64 << 20, caFile: String? = nil
    ) throws -> HTTPEngine {
        try HTTPEngine(
            HTTPEngineConfiguration(
                userAgent: "fnrun/test", reactors: reactors, maxConnections: 64, maxResponseBytes: maxResponseBytes,
                caFile: caFile))
    }

    /// Starts one request and waits for its end.
    func end(of request: HTTPRequest) async -> HTTPEnd {
        let collector = Collector()
        start([request], receiver: collector)
        return await collector.next(1)[0]
    }

    /// Like ``end(of:)``, as ``HTTPEnd/Result/summary``.
    func summary(of request: HTTPRequest) async -> String {
        await end(of: request).result.summary
    }
}

extension HTTPRequest {
    static func post(
        _ url: String, id: UInt64 = 1, headers: [(name: String, value: String)] = [], body: String = "{}",
        timeout: Duration = .seconds(20), connectTimeout: Duration = .seconds(20), wantsHeaders: Bool = false
    ) -> HTTPRequest {
        HTTPRequest(
            id: id, method: .post, url: url, headers: headers, body: Array(body.utf8), timeout: timeout,
            connectTimeout: connectTimeout, wantsHeaders: wantsHeaders)
    }

    static func get(_ url: String, timeout: Duration = .seconds(20)) -> HTTPRequest {
        HTTPRequest(id: 1, method: .get, url: url, timeout: timeout, connectTimeout: timeout)
    }
}

extension HTTPEnd.Result {
    /// What a test compares: `200 body`, `notSent dns`, `unknown reset`, `tooLarge 200`, `cancelled`.
    var summary: String {
        switch self {
        case .response(let status, _, let body): "\(status) \(String(decoding: body, as: UTF8.self))"
        case .notSent(let failure): "notSent \(failure.kind)"
        case .unknown(let failure): "unknown \(failure.kind)"
        case .tooLarge(let status): "tooLarge \(status)"
        case .cancelled: "cancelled"
        }
    }

    var message: String? {
        switch self {
        case .notSent(let failure), .unknown(let failure): failure.message
        case .response, .tooLarge, .cancelled: nil
        }
    }
}
