import Execution
import JobModel
import TestSupport

/// What a scripted gateway is asked.
struct VirtualCall {
    var row: Int
    /// From 1.
    var attempt: Int
    var now: Int64
    var generation: UInt64
}

/// What a scripted gateway answers.
struct VirtualReply {
    var after: Duration = .milliseconds(10)
    var result: AttemptEnd.Result
    /// Nil is the current one.
    var generation: UInt64?

    static func status(
        _ status: Int, code: String? = nil, retryAfter: Duration? = nil, after: Duration = .milliseconds(10)
    ) -> VirtualReply {
        let error = status == 200 ? nil : InvocationError(Self.errorClass(status), code: code, message: "\(status)")
        return VirtualReply(
            after: after, result: .answered(Answer(status: status, body: [], error: error, retryAfter: retryAfter)))
    }

    static func unknown(after: Duration = .milliseconds(10)) -> VirtualReply {
        VirtualReply(after: after, result: .unknown(InvocationError(.timeout, message: "timeout")))
    }

    static let notSent = VirtualReply(result: .notSent(InvocationError(.network, message: "refused")))
    static let held = VirtualReply(after: .milliseconds(1), result: .held)

    private static func errorClass(_ status: Int) -> ErrorClass {
        switch status {
        case 401: .unauthorized
        case 429: .rateLimited
        case 901: .function
        case 400: .badRequest
        default: .platform
        }
    }
}

/// One run of a ``VirtualWorld``: its script, and what the inspector knows of each row.
final class VirtualRun {
    enum RowState: UInt8 {
        case unread, ready, inFlight, ended, waiting, recordingWithPermit, recording, recorded
    }

    let policy: RunPolicy
    let lambdaKey: String
    let priority: Int
    let rowCount: Int
    let answer: (VirtualCall) -> VirtualReply
    var isRejected: (Int) -> Bool = { _ in false }
    var initialGate: GatewayState? = .ready(tokenGeneration: 1)
    var gateDelay: Duration = .zero
    var readDelay: Duration = .microseconds(200)
    var announceDelay: Duration = .milliseconds(2)
    var recordDelay: Duration = .microseconds(300)
    var announceFailure: RecorderFailure?
    var recordFailure: (VirtualWorld) -> RecorderFailure? = { _ in nil }
    /// The input stops giving rows there, without an end.
    var silentFrom = Int.max
    var inputFailure: String?
    var keepsResults = true

    private(set) var machine: RunMachine
    var end: RunEnd?
    var endedAt: Int64 = 0
    var results: [InvocationResult] = []
    var starts: [(row: Int, time: Int64)] = []
    var readSizes: [Int] = []
    var announced = 0
    var isReading = false
    var isOpen = false
    var generation: UInt64 = 1
    var cancellations = 0
    var flying: [Int: UInt64] = [:]
    private(set) var held = 0
    private(set) var mostHeld = 0
    private(set) var open = 0
    private(set) var states: [RowState]
    private(set) var attempts: [Int]
    private var counted: [Int]
    private var nextRow = 0
    private var endedRows: [Int] = []
    private var previous: [VirtualEnd]
    private var firstStarts: [Int64]
    private var tally: [Outcome: Int] = [:]
    private var totalAttempts = 0
    private var pace: VirtualPace?

    init(
        rows: Int, policy: RunPolicy = RunPolicy(), lambda: String = "a/l", priority: Int = 0,
        answer: @escaping (VirtualCall) -> VirtualReply = { _ in .status(200) }
    ) {
        rowCount = rows
        self.policy = policy
        lambdaKey = lambda
        self.priority = priority
        self.answer = answer
        states = Array(repeating: .unread, count: rows)
        attempts = Array(repeating: 0, count: rows)
        counted = Array(repeating: 0, count: rows)
        previous = Array(repeating: VirtualEnd(), count: rows)
        firstStarts = Array(repeating: 0, count: rows)
        pace = policy.rate.map(VirtualPace.init)
        let unused = Dispatcher(maximumConcurrency: 1, random: SeededGenerator(seed: 0))
        let start = Moment(now: MonotonicInstant(nanoseconds: 0), wall: Timestamp(seconds: 0))
        machine = unused.add(
            RunSpecification(target: LambdaTarget(address: .event("")), lambdaKey: "", policy: policy), at: start)
    }

    func begin(_ machine: RunMachine, in world: VirtualWorld) {
        self.machine = machine
        if let rate = policy.lambdaRate, world.lambdas[lambdaKey]?.pace == nil {
            world.lambdas[lambdaKey]?.pace = VirtualPace(rate)
        }
    }

    func nextBatch(_ limit: Int) -> PreparedBatch? {
        guard nextRow < silentFrom else { return nil }
        let end = Swift.min(Swift.min(rowCount, silentFrom), nextRow + limit)
        let rows = (nextRow..<end).map { index in
            let content: PreparedRow.Content
            if isRejected(index) {
                content = .rejected(InvocationError(.template, message: "bad"))
            } else {
                content = .request(RenderedRequest(requestID: "r", userID: "u", body: [], payload: index..<index))
            }
            states[index] = .ready
            return PreparedRow(index: index, key: nil, content: content)
        }
        open += rows.count
        nextRow = end
        let isLast = end == rowCount
        return PreparedBatch(
            rows: rows, upTo: end, inputBytes: Int64(end), inputSHA256: "", isLast: isLast,
            failure: isLast ? inputFailure : nil)
    }

    // MARK: What happens to a row

    func sent(_ row: Int, in world: VirtualWorld) {
        let state = states[row]
        if state != .ready, state != .waiting { world.violation("row \(row) sent while \(state)") }
        if row >= announced { world.violation("row \(row) sent before its window was announced") }
        if isRejected(row) { world.violation("rejected row \(row) sent") }
        if !isOpen { world.violation("sent while the gateway was closed") }
        if world.now > (policy.deadline?.wholeNanoseconds ?? .max) { world.violation("started after the deadline") }
        states[row] = .inFlight
        held += 1
        mostHeld = Swift.max(mostHeld, held)
        if held > policy.concurrency { world.violation("\(held) in flight of \(policy.concurrency)") }
        if pace?.started(world.now) == false { world.violation("faster than the rate of the run") }
        if attempts[row] == 0 { firstStarts[row] = world.now }
        let isRetry = attempts[row] > 0 && previous[row].kind != .unauthorized && !previous[row].wasHeld
        if attempts[row] > 0 { checkRepeat(row, in: world) }
        world.lambdas[lambdaKey]?.started(isRetry: isRetry, policy, in: world)
        attempts[row] += 1
        totalAttempts += 1
        if keepsResults { starts.append((row, world.now)) }
    }

    private func checkRepeat(_ row: Int, in world: VirtualWorld) {
        let last = previous[row]
        if !last.mayRepeat(policy) { world.violation("row \(row) sent again after \(last)") }
        if counted[row] >= policy.retry.maxAttempts { world.violation("row \(row) beyond maxAttempts") }
        if world.now < last.notBefore { world.violation("row \(row) too early after \(last)") }
        if last.kind == .unauthorized, generation <= last.generation {
            world.violation("row \(row) repeated under the rejected token")
        }
    }

    func ended(_ row: Int, _ end: AttemptEnd, in world: VirtualWorld) {
        guard flying[row] == end.id else { return }
        flying[row] = nil
        endedRows.append(row)
        states[row] = .ended
        switch end.result {
        case .held, .cancelled:
            attempts[row] -= 1
            totalAttempts -= 1
            previous[row].wasHeld = true
        case .answered, .notSent, .unknown:
            previous[row] = VirtualEnd(end, at: world.now)
            if previous[row].countsAgainstMaximum { counted[row] += 1 }
            let isRetried = previous[row].kind == .status && previous[row].mayRepeat(policy)
            world.lambdas[lambdaKey]?.ended(end, isRetried: isRetried, at: world.now)
        }
    }

    /// What ended in this pass and was not recorded in it waits.
    func settleEnded(in world: VirtualWorld) {
        for row in endedRows where states[row] == .ended {
            states[row] = .waiting
            unhold(in: world)
        }
        endedRows.removeAll(keepingCapacity: true)
    }

    private func unhold(in world: VirtualWorld) {
        held -= 1
        world.hold(-1)
        world.lambdas[lambdaKey]?.held -= 1
    }

    func take(_ result: InvocationResult, in world: VirtualWorld) {
        let row = result.row.index
        switch states[row] {
        case .ended: states[row] = .recordingWithPermit
        case .ready, .waiting: states[row] = .recording
        default: world.violation("row \(row) recorded while \(states[row])")
        }
        let expected: Outcome = isRejected(row) ? .failed : attempts[row] == 0 ? .cancelled : previous[row].outcome
        if result.outcome != expected { world.violation("row \(row) \(result.outcome), not \(expected)") }
        if result.attempts != attempts[row] { world.violation("row \(row): \(result.attempts) of \(attempts[row])") }
        if attempts[row] > 0, result.duration.wholeNanoseconds != world.now - firstStarts[row] {
            world.violation("row \(row) took \(world.now - firstStarts[row]), not \(result.duration)")
        }
        if (result.error == nil) != (result.outcome == .succeeded) { world.violation("row \(row): error") }
        tally[result.outcome, default: 0] += 1
        if keepsResults { results.append(result) }
    }

    func recorded(_ rows: [Int], in world: VirtualWorld) {
        for row in rows {
            if states[row] == .recordingWithPermit { unhold(in: world) }
            states[row] = .recorded
        }
        open -= rows.count
    }

    func checkEnd(_ end: RunEnd, in world: VirtualWorld) {
        let counts = end.counts
        if counts.succeeded != tally[.succeeded, default: 0] || counts.failed != tally[.failed, default: 0]
            || counts.unknown != tally[.unknown, default: 0] || counts.cancelled != tally[.cancelled, default: 0]
        {
            if case .output = end.reason {} else { world.violation("counts \(counts) against \(tally)") }
        }
        if counts.finished != counts.rows { world.violation("\(counts.rows) rows, \(counts.finished) finished") }
        if counts.attempts != totalAttempts { world.violation("\(counts.attempts) attempts of \(totalAttempts)") }
        if end.reason == .completed, counts.rows != rowCount { world.violation("completed with rows unread") }
        if case .output = end.reason { return }
        if states[..<counts.rows].contains(where: { $0 != .recorded }) { world.violation("rows without a record") }
    }
}
