import JobModel

/// Everything that changes while a sandbox runs.
struct PlatformState {
    /// Targets with statistics of their own; what comes beyond is counted in the totals alone.
    private static let targetLimit = 1000

    var tokens = TokenBook()
    var random: any RandomNumberGenerator & Sendable
    private(set) var requests: RequestMemory
    private(set) var payloads: PayloadMemory
    private(set) var deviations = DeviationLog()
    private(set) var endpointCounts = [Int](repeating: 0, count: Endpoint.allCases.count)
    private(set) var statuses: [Int: Int] = [:]
    private(set) var faults: [String: Int] = [:]
    private var targets: [TargetKey: TargetState] = [:]
    private var meter = RateMeter()
    private var epoch = 0
    private let memory: SandboxScript.MemoryLimits

    var tokensIssued = 0
    var credentialsRejected = 0
    var unauthorized = 0
    var connectionsAccepted = 0
    var connectionsOpen = 0
    private var tokenSteps = 0
    private var domainSteps = 0
    private(set) var executed = 0
    private(set) var inFlight = 0
    private(set) var maxInFlight = 0

    /// What is counted of one function or event.
    private struct TargetState {
        var statistics = SandboxStatistics.Target()
        var inFlight = 0
        var meter = RateMeter()
        /// Fates used up of each sequence that requests share: the function's own, then those of its cases.
        var steps: [Int: Int] = [:]
        /// Requests that reached the function.
        var arrivals = 0
    }

    init(memory: SandboxScript.MemoryLimits, random: any RandomNumberGenerator & Sendable) {
        self.memory = memory
        self.random = random
        requests = RequestMemory(capacity: memory.requestIDs)
        payloads = PayloadMemory(capacity: memory.payloads)
    }

    /// Starts all counts and sequences anew. Tokens stay good, and what is in work is still in work.
    mutating func reset() {
        var fresh = PlatformState(memory: memory, random: random)
        fresh.tokens = tokens
        fresh.epoch = epoch + 1
        fresh.connectionsOpen = connectionsOpen
        fresh.inFlight = inFlight
        fresh.maxInFlight = inFlight
        self = fresh
    }

    mutating func count(_ endpoint: Endpoint) {
        endpointCounts[endpoint.index] += 1
    }

    mutating func count(status: Int) {
        statuses[status, default: 0] += 1
    }

    /// Corrects an answer that was counted and then turned out otherwise.
    mutating func replace(status counted: Int, by status: Int) {
        let left = (statuses[counted] ?? 1) - 1
        statuses[counted] = left > 0 ? left : nil
        count(status: status)
    }

    mutating func count(fault: String) {
        faults[fault, default: 0] += 1
    }

    mutating func note(_ deviation: Deviation) {
        deviations.add(deviation)
    }

    mutating func note(_ findings: Findings, endpoint: Endpoint, at time: Timestamp) {
        for (rule, message) in findings.list {
            deviations.add(Deviation(time: time, endpoint: endpoint, rule: rule, message: message))
        }
    }

    /// Counts a request to the gateway as being in work.
    mutating func begin(_ target: TargetKey, name: String?, now: MonotonicInstant) -> Ticket {
        inFlight += 1
        maxInFlight = max(maxInFlight, inFlight)
        meter.record(at: now)
        withTarget(target) { state in
            if state.statistics.received == 0 { state.statistics.name = name }
            state.statistics.received += 1
            state.inFlight += 1
            state.statistics.maxInFlight = max(state.statistics.maxInFlight, state.inFlight)
            state.meter.record(at: now)
        }
        return Ticket(target: target, epoch: epoch)
    }

    mutating func end(_ ticket: Ticket) {
        inFlight -= 1
        if ticket.epoch == epoch, let index = targets.index(forKey: ticket.target) {
            targets.values[index].inFlight -= 1
        }
    }

    mutating func arrive(_ id: UUIDKey, fingerprint: Int) -> RequestMemory.Arrival {
        requests.arrive(id, fingerprint: fingerprint)
    }

    /// How many fates of token requests were used up; counts one more.
    mutating func nextTokenStep() -> Int {
        defer { tokenSteps += 1 }
        return tokenSteps
    }

    /// How many fates of requests to the Domain API were used up; counts one more.
    mutating func nextDomainStep() -> Int {
        defer { domainSteps += 1 }
        return domainSteps
    }

    /// The number of fates that a request id, or else a function, has used up; counts one more.
    ///
    /// - Parameter sequence: which of the function's sequences: 0 its own, then those of its cases.
    mutating func nextStep(
        of function: UUIDKey, sequence: Int, requestID: UUIDKey?, scope: FunctionScript.SequenceScope
    ) -> Int {
        if scope == .request, let requestID, memory.requestIDs > 0 { return requests.nextStep(requestID) }
        return withTarget(.function(function)) { state in
            defer { state.steps[sequence, default: 0] += 1 }
            return state.steps[sequence] ?? 0
        } ?? 0
    }

    /// How many requests reached a function before; counts one more.
    mutating func nextArrival(at function: UUIDKey) -> Int {
        withTarget(.function(function)) { state in
            defer { state.arrivals += 1 }
            return state.arrivals
        } ?? 0
    }

    /// Counts that functions ran for a request.
    mutating func execute(_ target: TargetKey, functions: [UUIDKey], requestID: UUIDKey?) {
        executed += max(1, functions.count)
        if case .event = target { withTarget(target) { $0.statistics.executed += 1 } }
        for function in functions { withTarget(.function(function)) { $0.statistics.executed += 1 } }
        if let requestID { requests.execute(requestID) }
    }

    mutating func execute(payload fingerprint: Int) {
        payloads.execute(fingerprint)
    }

    @discardableResult
    private mutating func withTarget<Result>(_ key: TargetKey, _ body: (inout TargetState) -> Result) -> Result? {
        if let index = targets.index(forKey: key) { return body(&targets.values[index]) }
        guard targets.count < Self.targetLimit else { return nil }
        var state = TargetState()
        defer { targets[key] = state }
        return body(&state)
    }

    func statistics(platform: Platform) -> SandboxStatistics {
        var statistics = SandboxStatistics()
        statistics.platform = platform
        statistics.connectionsAccepted = connectionsAccepted
        statistics.connectionsOpen = connectionsOpen
        for endpoint in Endpoint.allCases { statistics.requests[endpoint] = endpointCounts[endpoint.index] }
        statistics.statuses = statuses
        statistics.faults = faults
        statistics.tokensIssued = tokensIssued
        statistics.tokensRevoked = tokens.revokedCount
        statistics.credentialsRejected = credentialsRejected
        statistics.unauthorized = unauthorized
        statistics.executed = executed
        statistics.inFlight = inFlight
        statistics.maxInFlight = maxInFlight
        statistics.peakPerSecond = meter.peak
        statistics.distinctRequestIDs = requests.distinct
        statistics.duplicateRequestIDs = requests.duplicates
        if payloads.isEnabled {
            statistics.payloads = SandboxStatistics.Payloads(
                distinct: payloads.distinct, repeated: payloads.repeated, forgotten: payloads.forgotten)
        }
        for (key, state) in targets {
            var target = state.statistics
            target.peakPerSecond = state.meter.peak
            statistics.targets[key.text] = target
        }
        statistics.deviationCount = deviations.count
        statistics.deviationsByRule = deviations.countByRule
        statistics.deviations = deviations.list
        return statistics
    }
}

extension Endpoint {
    /// A position in an array with one element for each case.
    fileprivate var index: Int {
        switch self {
        case .domainAPI: 0
        case .token: 1
        case .invoke: 2
        case .event: 3
        case .other: 4
        }
    }
}
