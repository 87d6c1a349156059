import JobModel
import Timing

/// Delivers hooks: what is sent when, and when it is given up.
///
/// Pure: events in, actions out; after each event ``nextAlarm`` says when `.alarm` is due. Hosts do not stand in each
/// other's way: each has its own queue and its own attempts.
struct HookMachine: Sendable {
    /// A hook that is to be delivered.
    struct Delivery: Sendable {
        var kind: HookNote.Kind
        var job: String
        var runID: String
        var url: String
        /// POSTed; nil is a GET.
        var body: [UInt8]?
    }

    enum Event: Sendable {
        case submitted([Delivery])
        case ended(id: UInt64, HTTPEnd.Result)
        case alarm
        /// Nothing is begun any more, and what waits is given up.
        case abandoned
    }

    enum Action: Sendable {
        case send(id: UInt64, Delivery)
        case note(HookNote)
    }

    private struct Hook: Sendable {
        var id: UInt64
        var delivery: Delivery
        var attempts = 0
        /// When it may be tried; in the past for one that was not tried yet.
        var dueAt: MonotonicInstant
    }

    /// The hooks of one host.
    private struct Lane: Sendable {
        /// Oldest first.
        var waiting: [Hook] = []
        var inFlight: [UInt64: Hook] = [:]
    }

    private let policy: HookPolicy
    private let backoff: Backoff
    private var lanes: [String: Lane] = [:]
    private var hosts: [UInt64: String] = [:]
    private var lastID: UInt64 = 0
    private var isAbandoned = false
    private(set) var tally = HookTally()

    init(policy: HookPolicy) {
        self.policy = policy
        backoff = Backoff(policy.retry)
    }

    /// Nothing waits and nothing is in flight.
    var isIdle: Bool { lanes.isEmpty }

    /// When a hook that waits for another attempt may have it.
    private(set) var nextAlarm = MonotonicInstant.distantFuture

    mutating func handle(
        _ event: Event, at now: MonotonicInstant, using random: inout some RandomNumberGenerator
    ) -> [Action] {
        var actions: [Action] = []
        switch event {
        case .submitted(let deliveries):
            for delivery in deliveries { submit(delivery, at: now, to: &actions) }
        case .ended(let id, let result):
            guard let host = hosts.removeValue(forKey: id), let hook = lanes[host]?.inFlight.removeValue(forKey: id)
            else { break }
            end(hook, result, of: host, at: now, using: &random, to: &actions)
            pump(host, at: now, to: &actions)
        case .alarm:
            for host in lanes.keys.sorted() { pump(host, at: now, to: &actions) }
        case .abandoned:
            isAbandoned = true
            for host in lanes.keys.sorted() {
                for hook in lanes[host]?.waiting ?? [] {
                    note(hook, host, hook.attempts > 0 ? .failed : .dropped, "the process stops", to: &actions)
                }
                lanes[host]?.waiting = []
                pump(host, at: now, to: &actions)
            }
        }
        nextAlarm = alarmTime
        return actions
    }

    private mutating func submit(_ delivery: Delivery, at now: MonotonicInstant, to actions: inout [Action]) {
        lastID += 1
        let hook = Hook(id: lastID, delivery: delivery, dueAt: now)
        let host = HookHost.name(in: delivery.url)
        guard !isAbandoned else { return note(hook, host, .dropped, "the process stops", to: &actions) }
        lanes[host, default: Lane()].waiting.append(hook)
        pump(host, at: now, to: &actions)
        guard let count = lanes[host]?.waiting.count, count > policy.capacity else { return }
        guard let oldest = lanes[host]?.waiting.removeFirst() else { return }
        note(
            oldest, host, oldest.attempts > 0 ? .failed : .dropped,
            "more than \(policy.capacity) hooks wait for this host", to: &actions)
    }

    /// Sends what is due and has room.
    private mutating func pump(_ host: String, at now: MonotonicInstant, to actions: inout [Action]) {
        guard var lane = lanes[host] else { return }
        // Lest the lane be copied.
        lanes[host] = nil
        while lane.inFlight.count < policy.concurrency,
            let position = lane.waiting.firstIndex(where: { $0.dueAt <= now })
        {
            var hook = lane.waiting.remove(at: position)
            hook.attempts += 1
            lane.inFlight[hook.id] = hook
            hosts[hook.id] = host
            actions.append(.send(id: hook.id, hook.delivery))
        }
        if !lane.waiting.isEmpty || !lane.inFlight.isEmpty { lanes[host] = lane }
    }

    private mutating func end(
        _ hook: Hook, _ result: HTTPEnd.Result, of host: String, at now: MonotonicInstant,
        using random: inout some RandomNumberGenerator, to actions: inout [Action]
    ) {
        let verdict = HookVerdict(result)
        guard let reason = verdict.reason else { return note(hook, host, .delivered, nil, to: &actions) }
        guard verdict.mayRetry, hook.attempts < policy.maxAttempts, !isAbandoned else {
            return note(hook, host, .failed, reason, to: &actions)
        }
        var wait = backoff.wait(retry: hook.attempts - 1, using: &random)
        if let asked = verdict.retryAfter { wait = max(wait, min(asked, policy.maximumInterval)) }
        var hook = hook
        hook.dueAt = now.advanced(by: wait)
        note(hook, host, .delayed, reason, to: &actions)
        let position = lanes[host]?.waiting.firstIndex { $0.id > hook.id } ?? lanes[host]?.waiting.count ?? 0
        lanes[host]?.waiting.insert(hook, at: position)
    }

    private mutating func note(
        _ hook: Hook, _ host: String, _ result: HookNote.Result, _ reason: String?, to actions: inout [Action]
    ) {
        let note = HookNote(
            kind: hook.delivery.kind, job: hook.delivery.job, runID: hook.delivery.runID, host: host, result: result,
            attempts: hook.attempts, reason: reason)
        tally.count(note)
        actions.append(.note(note))
    }

    /// What waits for room needs no alarm: room comes with an end.
    private var alarmTime: MonotonicInstant {
        var earliest = MonotonicInstant.distantFuture
        for lane in lanes.values where lane.inFlight.count < policy.concurrency {
            for hook in lane.waiting where hook.dueAt < earliest { earliest = hook.dueAt }
        }
        return earliest
    }
}
