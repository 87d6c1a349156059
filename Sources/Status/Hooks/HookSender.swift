package import JobModel
import Reactor
import Synchronization

/// Tells URLs how runs ended. Never makes a run wait: a hook is put into a queue, and delivered in time.
///
/// A hook is delivered at least once, or given up after some attempts, with a note. Redirects are not followed.
package final class HookSender: HTTPReceiver, Sendable {
    private struct State {
        var machine: HookMachine
        var random: any RandomNumberGenerator & Sendable
        var alarm: Alarm?
        /// Who waits for the last hook.
        var drains: [CheckedContinuation<Void, Never>] = []
        var drainAlarm: Alarm?
    }

    private let transport: any HTTPTransport
    private let userAgent: String
    private let policy: HookPolicy
    private let time: any TimeSource
    private let queue: SerialQueue
    private let onNote: @Sendable (HookNote) -> Void
    private let state: Mutex<State>

    /// - Parameters:
    ///   - userAgent: of the requests, such as `fnrun/1.0.0`.
    ///   - random: spreads repeated attempts.
    ///   - onNote: called for each hook's end, and each delay; from any thread, must not block.
    package init(
        transport: any HTTPTransport, userAgent: String, policy: HookPolicy = HookPolicy(),
        time: any TimeSource = SystemTimeSource(),
        random: any RandomNumberGenerator & Sendable = SystemRandomNumberGenerator(),
        onNote: @escaping @Sendable (HookNote) -> Void
    ) {
        self.transport = transport
        self.userAgent = userAgent
        self.policy = policy
        self.time = time
        self.onNote = onNote
        queue = SerialQueue(label: "fnrun.hooks")
        state = Mutex(State(machine: HookMachine(policy: policy), random: random))
        let alarm = Alarm(queue: queue, time: time) { @Sendable [weak self] in self?.handle([.alarm]) }
        state.withLock { $0.alarm = alarm }
    }

    /// Tells those hooks of a run's end that are for its result. Returns at once.
    package func send(_ event: HookEvent, to hooks: RunHooks) {
        var deliveries: [HookMachine.Delivery] = []
        func add(_ kind: HookNote.Kind, _ url: Secret?, _ body: [UInt8]?) {
            guard let url else { return }
            deliveries.append(.init(kind: kind, job: event.job, runID: event.runID, url: url.reveal(), body: body))
        }
        switch event.result {
        case .succeeded:
            add(.onSuccess, hooks.onSuccess, hooks.onSuccess == nil ? nil : event.json)
            add(.ping, hooks.ping, nil)
        case .failed, .crashed:
            add(.onFailure, hooks.onFailure, hooks.onFailure == nil ? nil : event.json)
        }
        if !deliveries.isEmpty { handle([.submitted(deliveries)]) }
    }

    /// How many hooks ended so far.
    package var tally: HookTally { state.withLock { $0.machine.tally } }

    /// Waits until every hook has been delivered or given up; what is left after `limit` is given up with a note.
    ///
    /// Further hooks are dropped from then on.
    package func drain(within limit: Duration) async {
        let end = time.monotonicNow().advanced(by: limit)
        let alarm = Alarm(queue: queue, time: time) { @Sendable [weak self] in self?.abandon() }
        await withCheckedContinuation { continuation in
            let isIdle = state.withLock { state in
                if state.machine.isIdle { return true }
                state.drains.append(continuation)
                state.drainAlarm = alarm
                return false
            }
            if isIdle { continuation.resume() } else { alarm.arm(at: end) }
        }
        handle([.abandoned])
    }

    private func abandon() {
        handle([.abandoned])
        transport.cancelAll(of: self)
    }

    // MARK: HTTPReceiver

    package func received(_ ends: [HTTPEnd]) {
        handle(ends.map { .ended(id: $0.id, $0.result) })
    }

    // MARK: Events

    private func handle(_ events: [HookMachine.Event]) {
        let now = time.monotonicNow()
        var actions: [HookMachine.Action] = []
        var drains: [CheckedContinuation<Void, Never>] = []
        state.withLock { state in
            for event in events { actions += state.machine.handle(event, at: now, using: &state.random) }
            state.alarm?.arm(at: state.machine.nextAlarm)
            guard state.machine.isIdle else { return }
            swap(&drains, &state.drains)
            state.drainAlarm = nil
        }
        var requests: [HTTPRequest] = []
        for action in actions {
            switch action {
            case .send(let id, let delivery): requests.append(request(id, delivery))
            case .note(let note): onNote(note)
            }
        }
        if !requests.isEmpty { transport.start(requests, receiver: self) }
        for drain in drains { drain.resume() }
    }

    private func request(_ id: UInt64, _ delivery: HookMachine.Delivery) -> HTTPRequest {
        var headers = [(name: "User-Agent", value: userAgent)]
        if delivery.body != nil { headers.append((name: "Content-Type", value: "application/json")) }
        return HTTPRequest(
            id: id, method: delivery.body == nil ? .get : .post, url: delivery.url, headers: headers,
            body: delivery.body ?? [], timeout: policy.timeout, connectTimeout: policy.connectTimeout)
    }
}
