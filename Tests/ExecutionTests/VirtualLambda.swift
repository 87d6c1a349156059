import JobModel

/// What the inspector knows of a lambda: the limits that all runs on it share.
struct VirtualLambda {
    var held = 0
    var mostHeld = 0
    var pace: VirtualPace?
    private var pausedUntil: Int64 = .min
    /// Attempts and retries by second of their start.
    private var attempts: [Int64: Int] = [:]
    private var retries: [Int64: Int] = [:]
    private var attemptsLately = 0
    private var retriesLately = 0
    private var second: Int64 = 0
    private var lastRetries: [Int64] = []

    mutating func started(isRetry: Bool, _ policy: RunPolicy, in world: VirtualWorld) {
        held += 1
        mostHeld = Swift.max(mostHeld, held)
        if held > policy.lambdaConcurrency ?? .max { world.violation("\(held) in flight on the lambda") }
        if world.now < pausedUntil { world.violation("started during a pause") }
        if pace?.started(world.now) == false { world.violation("faster than the rate of the lambda") }
        roll(to: world.now / 1_000_000_000)
        attempts[second, default: 0] += 1
        attemptsLately += 1
        guard isRetry else { return }
        retries[second, default: 0] += 1
        retriesLately += 1
        lastRetries.removeAll { $0 <= world.now - 1_000_000_000 }
        lastRetries.append(world.now)
        if lastRetries.count > 10, retriesLately * 5 > attemptsLately {
            world.violation("\(retriesLately) retries of \(attemptsLately) attempts, \(lastRetries.count) in a second")
        }
    }

    /// - Parameter isRetried: whether the answer's status or code is retried.
    mutating func ended(_ end: AttemptEnd, isRetried: Bool, at now: Int64) {
        guard case .answered(let answer) = end.result, isRetried || answer.status == 429 || answer.status == 503
        else { return }
        if let wait = answer.retryAfter { pausedUntil = Swift.max(pausedUntil, now + wait.wholeNanoseconds) }
    }

    private mutating func roll(to now: Int64) {
        while second < now {
            second += 1
            attemptsLately -= attempts.removeValue(forKey: second - 60) ?? 0
            retriesLately -= retries.removeValue(forKey: second - 60) ?? 0
        }
    }
}

/// Checks that no second has more than the rate plus 1 %, or plus one start.
struct VirtualPace {
    private var times: [Int64]
    private var oldest = 0

    init(_ rate: Rate) {
        let most = (rate.perSecond + Swift.max(1, rate.perSecond / 100)).rounded(.down)
        times = Array(repeating: .min / 2, count: Int(most))
    }

    /// Whether a start is allowed now.
    mutating func started(_ now: Int64) -> Bool {
        defer {
            times[oldest] = now
            oldest = (oldest + 1) % times.count
        }
        return now - times[oldest] >= 1_000_000_000
    }
}

/// What the inspector remembers of a row's last attempt.
struct VirtualEnd {
    enum Kind: UInt8 { case none, ok, status, unauthorized, tooMany, notSent, unknown }

    var kind = Kind.none
    var status = 0
    var code: String?
    var generation: UInt64 = 0
    /// Earliest time of another attempt.
    var notBefore: Int64 = 0
    /// Afterwards an attempt found no token: the next is no retry of it.
    var wasHeld = false

    init() {}

    init(_ end: AttemptEnd, at now: Int64) {
        notBefore = now
        switch end.result {
        case .answered(let answer):
            status = answer.status
            code = answer.error?.code
            kind = answer.error == nil ? .ok : status == 401 ? .unauthorized : status == 429 ? .tooMany : .status
            generation = end.tokenGeneration
            let least: Int64 = status == 429 ? 1_000_000_000 : 0
            notBefore = now + (answer.retryAfter?.wholeNanoseconds ?? least)
        case .notSent: kind = .notSent
        case .unknown: kind = .unknown
        case .held, .cancelled: break
        }
    }

    var countsAgainstMaximum: Bool { kind != .unauthorized && kind != .tooMany }

    var outcome: Outcome {
        switch kind {
        case .none: .cancelled
        case .ok: .succeeded
        case .unknown: .unknown
        case .status, .unauthorized, .tooMany, .notSent: .failed
        }
    }

    func mayRepeat(_ policy: RunPolicy) -> Bool {
        switch kind {
        case .none, .notSent: true
        case .ok: false
        case .unknown: policy.idempotent || policy.retry.unknown
        case .unauthorized, .tooMany: !policy.retry.never.contains(status)
        case .status:
            !policy.retry.never.contains(status)
                && ([408, 500, 502, 503, 504].contains(status) || policy.retry.statuses.contains(status)
                    || code.map(policy.retry.codes.contains) ?? false)
        }
    }
}
