import JobModel
import Reactor
import Synchronization
import TestSupport

@testable import LivePerson

/// A transport that keeps requests until a test answers them.
final class ScriptedTransport: HTTPTransport {
    struct Pending: Sendable {
        let request: HTTPRequest
        let receiver: any HTTPReceiver

        func end(_ result: HTTPEnd.Result) -> HTTPEnd {
            HTTPEnd(
                id: request.id, result: result, startedAt: Timestamp(seconds: 1_795_000_000),
                latency: .milliseconds(5))
        }

        func answer(_ status: Int, _ body: String = "", headers: [(name: String, value: String)] = []) {
            receiver.received([end(.response(status: status, headers: headers, body: Array(body.utf8)))])
        }

        func fail(_ kind: TransportFailure.Kind, sent: Bool = false) {
            let failure = TransportFailure(kind, message: "connect to host:443 failed")
            receiver.received([end(sent ? .unknown(failure) : .notSent(failure))])
        }
    }

    private let state = Mutex<(pending: [Pending], seen: [HTTPRequest])>(([], []))

    func start(_ requests: [HTTPRequest], receiver: any HTTPReceiver) {
        state.withLock { state in
            state.pending += requests.map { Pending(request: $0, receiver: receiver) }
            state.seen += requests
        }
    }

    func cancelAll(of receiver: any HTTPReceiver) {
        for pending in take(where: { $0.receiver === receiver }) { receiver.received([pending.end(.cancelled)]) }
    }

    /// Takes out what waits for an answer and meets a condition.
    func take(where matches: (Pending) -> Bool) -> [Pending] {
        state.withLock { state in
            let taken = state.pending.filter(matches)
            state.pending.removeAll(where: matches)
            return taken
        }
    }

    func take(_ kind: RequestKind) -> [Pending] {
        take { RequestKind($0.request) == kind }
    }

    /// Every request of a kind that was ever started.
    func seen(_ kind: RequestKind) -> [HTTPRequest] {
        state.withLock { $0.seen }.filter { RequestKind($0) == kind }
    }
}

/// A transport that answers by itself, from queues of its own, as chance has it.
final class RestlessTransport: HTTPTransport {
    private let queues = (0..<3).map { SerialQueue(label: "transport-\($0)") }
    private let random: Mutex<SeededGenerator>

    init(seed: UInt64) {
        random = Mutex(SeededGenerator(seed: seed))
    }

    func start(_ requests: [HTTPRequest], receiver: any HTTPReceiver) {
        let (number, queue) = random.withLock { random in
            (Int.random(in: 0..<10, using: &random), Int.random(in: 0..<3, using: &random))
        }
        queues[queue].async { @Sendable in
            let pending = requests.map { ScriptedTransport.Pending(request: $0, receiver: receiver) }
            if pending.contains(where: { RequestKind($0.request) == .token }) {
                for one in pending { one.answer(200, Sample.token("token-\(number)")) }
                return
            }
            switch number {
            case 0: for one in pending { one.answer(401) }
            case 1: for one in pending { one.fail(.connect) }
            case 2: for one in pending { one.fail(.reset, sent: true) }
            case 3: for one in pending { one.answer(500) }
            default:
                receiver.received(pending.map { $0.end(.response(status: 200, headers: [], body: [])) })
            }
        }
    }

    /// Everything is answered anyway.
    func cancelAll(of receiver: any HTTPReceiver) {}

    /// Waits until everything that was started has been answered.
    func settle() {
        for queue in queues { queue.sync {} }
    }
}

enum RequestKind: Hashable {
    case lookUpGateway, lookUpSentinel, token, invocation

    init(_ request: HTTPRequest) {
        if request.url.contains("/service/faasGW/") {
            self = .lookUpGateway
        } else if request.url.contains("/service/sentinel/") {
            self = .lookUpSentinel
        } else if request.url.contains("/app/token") {
            self = .token
        } else {
            self = .invocation
        }
    }
}

/// Remembers the states that it was told.
final class RecordingObserver: GatewayObserver {
    private let told = Mutex<[GatewayState]>([])

    var states: [GatewayState] { told.withLock { $0 } }

    func gatewayChanged(to state: GatewayState) {
        told.withLock { $0.append(state) }
    }
}

/// Remembers the ends of attempts.
final class RecordingReceiver: AttemptReceiver {
    private let all = Mutex<[AttemptEnd]>([])

    var ends: [AttemptEnd] { all.withLock { $0 } }

    func ended(_ ends: [AttemptEnd]) {
        all.withLock { $0 += ends }
    }
}

extension AttemptEnd {
    var answer: Answer? {
        if case .answered(let answer) = result { answer } else { nil }
    }

    var isHeld: Bool {
        if case .held = result { true } else { false }
    }
}

/// Accounts, attempts and answers as they look in LivePerson's documentation.
enum Sample {
    static let uuid = "6f91f192-c1df-40e0-94f9-8765fd70fd02"
    static let secret = "s3cr3t&/ü=top"

    static func account(_ endpoints: Endpoints = Endpoints(), platform: Platform = .auto) -> Account {
        Account(
            id: "12345678", clientID: "client-1", clientSecret: Secret(secret), platform: platform,
            endpoints: endpoints)
    }

    static let fixedEndpoints = Endpoints(
        sentinel: "https://va.sentinel.liveperson.net", gateway: "https://va.faasgw.liveperson.net")

    static func baseURI(_ service: String, _ host: String) -> String {
        #"{"service":"\#(service)","account":"12345678","baseURI":"\#(host)"}"#
    }

    static func token(_ name: String, expiresIn: String = "3600") -> String {
        #"{"access_token":"\#(name)","token_type":"Bearer","expires_in":"\#(expiresIn)"}"#
    }

    static func attempt(
        _ id: UInt64, target: LambdaTarget = LambdaTarget(address: .uuid(uuid)), userID: String = "fnrun",
        wantsHeaders: Bool = false
    ) -> Attempt {
        let body = Array(#"{"timestamp":1,"headers":[],"payload":{"n":\#(id)}}"#.utf8)
        return Attempt(
            id: id, target: target,
            request: RenderedRequest(
                requestID: "00000000-0000-4000-8000-\(String(1_000_000_000_000 + id, radix: 10).suffix(12))",
                userID: userID, body: body, payload: 0..<0),
            timeout: .seconds(35), connectTimeout: .seconds(10), wantsHeaders: wantsHeaders)
    }

    static func base64URL(_ text: String) -> String {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
        var result = ""
        let bytes = Array(text.utf8)
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            var bits = group.reduce(UInt32(0)) { $0 << 8 | UInt32($1) } << UInt32(8 * (3 - group.count))
            bits <<= 8
            for _ in 0...group.count {
                result.append(alphabet[Int(bits >> 26)])
                bits <<= 6
            }
        }
        return result
    }

    static func jwt(_ claims: String) -> String {
        "\(base64URL(#"{"alg":"RS256"}"#)).\(base64URL(claims)).c2lnbmF0dXJl"
    }
}

extension MonotonicInstant {
    /// So many seconds after the clock's start.
    static func at(_ seconds: Double) -> MonotonicInstant {
        MonotonicInstant(nanoseconds: Int64(seconds * 1e9))
    }
}
