import JobModel
import NIOCore
import Synchronization

/// The platform itself: a request in, an answer out. Knows nothing of sockets.
final class LocalPlatform: Sendable {
    let script: SandboxScript
    let time: any TimeSource
    let functions: FunctionTable
    let state: Mutex<PlatformState>
    /// What `Host` may be; the first one is what the Domain API gives out.
    let authorities: [String]

    init(configuration: SandboxConfiguration, port: Int) {
        script = configuration.script
        time = configuration.time
        functions = FunctionTable(script: configuration.script)
        state = Mutex(PlatformState(memory: configuration.script.memory, random: configuration.random))
        authorities = ["127.0.0.1:\(port)", "localhost:\(port)"]
    }

    /// The answer to one request; its ticket, if it has one, is handed back by ``finished(_:)``.
    func answer(_ request: PlatformRequest) -> Answer {
        var uri = request.uri
        return uri.withUTF8 { uri in
            let path = Self.path(of: uri)
            let route = Route(path: path.path)
            let query = FormFields(path.query)
            switch route {
            case .implementation:
                return answerQuestion(request, route: route, query: query)
            case .function where request.method == "GET" && request.fields.bearerToken != nil:
                return answerQuestion(request, route: route, query: query)
            case .function, .malformedFunction, .event:
                return invoke(request, route: route, path: path.path, query: query)
            case .token(let account, let isNewForm):
                return token(request, account: account, isNewForm: isNewForm, query: query)
            case .service(let account, let name):
                return lookUp(request, account: account, service: name, query: query)
            case .services(let account):
                return lookUp(request, account: account, service: nil, query: query)
            case .statistics:
                guard request.method == "GET" else { return Answer(status: 405, allow: "GET") }
                return Answer(status: 200, body: .bytes(statistics().json))
            case .reset:
                guard request.method == "POST" else { return Answer(status: 405, allow: "POST") }
                reset()
                return Answer(status: 200, body: .bytes(Array("{}".utf8)))
            case .unknown:
                return unknown(request, path: path.path)
            }
        }
    }

    /// Path and query of a request target, in origin or in absolute form (RFC 9112, section 3.2).
    private static func path(
        of uri: UnsafeBufferPointer<UInt8>
    ) -> (path: UnsafeBufferPointer<UInt8>, query: UnsafeBufferPointer<UInt8>) {
        var start = 0
        if uri.first != UInt8(ascii: "/"), let colon = uri.firstIndex(of: UInt8(ascii: ":")),
            uri[(colon + 1)...].starts(with: "//".utf8)
        {
            start = uri[(colon + 3)...].firstIndex(of: UInt8(ascii: "/")) ?? uri.count
        }
        let mark = uri[start...].firstIndex(of: UInt8(ascii: "?"))
        return (
            UnsafeBufferPointer(rebasing: uri[start..<(mark ?? uri.count)]),
            UnsafeBufferPointer(rebasing: uri[(mark.map { $0 + 1 } ?? uri.count)...])
        )
    }

    private func unknown(_ request: PlatformRequest, path: UnsafeBufferPointer<UInt8>) -> Answer {
        let now = time.wallNow()
        let shown = String(decoding: path.prefix(120), as: UTF8.self)
        state.withLock { state in
            state.count(.other)
            state.count(status: 404)
            let message = "\(request.method.prefix(20)) \(shown) is no endpoint of the platform"
            state.note(Deviation(time: now, endpoint: .other, rule: .path, message: message))
        }
        return refusal(404, message: "no such endpoint")
    }

    func refusal(_ status: Int, code: String? = nil, message: String? = nil) -> Answer {
        Answer(
            status: status,
            body: .bytes(ErrorBody.bytes(status: status, code: code, message: message, isV2: script.isV2)))
    }

    /// An answer that a fate decides, other than a success.
    func failure(_ fate: Fate) -> Answer {
        var answer: Answer
        switch fate.kind {
        case .ok: answer = Answer(status: 200)
        case .status(let status): answer = refusal(status, code: fate.code, message: fate.message)
        case .revoked: answer = refusal(401, code: fate.code, message: fate.message ?? "the token was revoked")
        case .expired: answer = refusal(401, code: fate.code, message: fate.message ?? "the token has expired")
        case .reset: answer = Answer(delivery: .reset, status: 0)
        case .close: answer = Answer(delivery: .close, status: 0)
        case .hang: answer = Answer(delivery: .hang, status: 0)
        case .garbage: answer = Answer(delivery: .garbage, status: 0)
        case .torn: answer = Answer(delivery: .torn, status: 200)
        }
        if let body = fate.body {
            answer.body = .bytes(body.bytes)
            answer.contentType = .text(body.contentType)
        }
        answer.retryAfter = fate.retryAfter
        return answer
    }

    /// Notes what is no HTTP.
    func malformed(_ message: String) {
        let now = time.wallNow()
        state.withLock { state in
            state.count(.other)
            state.count(status: 400)
            state.note(Deviation(time: now, endpoint: .other, rule: .http, message: message))
        }
    }

    /// The answer has gone out, or never will.
    func finished(_ ticket: Ticket) {
        state.withLock { $0.end(ticket) }
    }

    func connected() {
        state.withLock { state in
            state.connectionsAccepted += 1
            state.connectionsOpen += 1
        }
    }

    func disconnected() {
        state.withLock { $0.connectionsOpen -= 1 }
    }

    func statistics() -> SandboxStatistics {
        state.withLock { $0.statistics(platform: script.isV2 ? .v2 : .v1) }
    }

    func reset() {
        state.withLock { $0.reset() }
    }
}

extension PlatformState {
    /// Counts an answer by its status, or by what went wrong with it on purpose.
    mutating func count(_ answer: Answer) {
        switch answer.delivery {
        case .whole: count(status: answer.status)
        case .torn: count(fault: "torn")
        case .close: count(fault: "close")
        case .reset: count(fault: "reset")
        case .hang: count(fault: "hang")
        case .garbage: count(fault: "garbage")
        }
    }
}
