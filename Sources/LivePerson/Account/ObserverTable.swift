import JobModel

/// What each observer has been told, and how long it has waited.
///
/// The authorization timeout counts for each observer from when it began to wait, so that a run which starts in the
/// middle of an outage waits as long as one that was there at its start.
struct ObserverTable: Sendable {
    private struct Entry {
        let id: UInt64
        let since: MonotonicInstant
        var told: GatewayState?
    }

    private let patience: Duration
    private var entries: [Entry] = []
    /// What the first ``toldCount`` of them were told follows from it and no longer from the time.
    private var told: Standing?
    private var toldCount = 0

    /// - Parameter patience: the authorization timeout.
    init(patience: Duration) {
        self.patience = patience
    }

    var isEmpty: Bool { entries.isEmpty }

    mutating func add(_ id: UInt64, at now: MonotonicInstant) {
        entries.append(Entry(id: id, since: now))
    }

    mutating func remove(_ ids: Set<UInt64>) {
        entries.removeAll { ids.contains($0.id) }
        told = nil
    }

    /// Who is to be told what, in the order in which they came.
    mutating func update(_ standing: Standing, at now: MonotonicInstant) -> [(id: UInt64, state: GatewayState)] {
        var news: [(id: UInt64, state: GatewayState)] = []
        for position in (standing == told ? toldCount : 0)..<entries.count {
            let state = state(of: entries[position], under: standing, at: now)
            guard state != entries[position].told else { continue }
            entries[position].told = state
            news.append((entries[position].id, state))
        }
        if case .preparing = standing { told = nil } else { told = standing }
        toldCount = entries.count
        return news
    }

    /// When time alone changes what somebody is to be told.
    func nextAlarm(under standing: Standing) -> MonotonicInstant {
        guard case .preparing(let since, _) = standing else { return .distantFuture }
        var alarm = MonotonicInstant.distantFuture
        for entry in entries {
            if case .unreachable = entry.told { continue }
            alarm = min(alarm, deadline(of: entry, since: since))
        }
        return alarm
    }

    private func deadline(of entry: Entry, since: MonotonicInstant) -> MonotonicInstant {
        max(entry.since, since).advanced(by: patience)
    }

    private func state(of entry: Entry, under standing: Standing, at now: MonotonicInstant) -> GatewayState {
        switch standing {
        case .ready(let generation):
            return .ready(tokenGeneration: generation)
        case .refused(let reason):
            return .refused(reason)
        case .preparing(let since, let reason):
            guard now >= deadline(of: entry, since: since) else { return .preparing }
            // Told once: another reason is no other state.
            if let told = entry.told, case .unreachable = told { return told }
            return .unreachable(reason ?? "no answer within \(patience)")
        }
    }
}
