import JobModel

/// One invocation that has started.
struct InvocationSlot {
    enum State: UInt8 {
        case free
        case inFlight
        /// Waits for its time to come.
        case backingOff
        /// Its time has come; waits for a start within the retry budget.
        case due
        /// Answered 401; waits for a newer token.
        case awaitingToken
        /// Waits for a start that the retry budget does not limit.
        case requeued
    }

    /// How the last attempt that was made ended.
    enum Ending: UInt8 {
        case none
        case succeeded
        case failed
        case unknown
    }

    var state = State.free
    var ending = Ending.none
    var hadFreshToken = false
    /// After the backoff it is not a retry: nothing was sent.
    var isHeldBack = false
    /// Tells this invocation's events from those of others that had the slot.
    var generation: UInt32 = 0
    var row: PreparedRow?
    /// HTTP requests, the one in flight included.
    var attempts = 0
    /// Of these, the ended ones that count against `maxAttempts`.
    var counted = 0
    /// Backoffs so far.
    var retries = 0
    /// The number that the lambda's window gave the attempt in flight.
    var start: UInt64 = 0
    /// The token that was answered 401.
    var rejectedToken: UInt64 = 0
    var firstStart = MonotonicInstant(nanoseconds: 0)
    /// What the run's denial clock showed when its last backoff was over.
    var denialReading: Duration = .zero
    /// How long the retry budget has held up the retries that were started.
    var denied: Duration = .zero
    var startedAt = Timestamp(microseconds: 0)
    var latency: Duration?
    /// Of the last attempt that was made; nil if that had none.
    var answer: Answer?
    /// Of the last attempt that was made.
    var error: InvocationError?

    mutating func attemptStarts(at now: MonotonicInstant) {
        if attempts == 0 { firstStart = now }
        state = .inFlight
        attempts += 1
    }

    /// Keeps what an attempt that was made has come to.
    mutating func attemptEnded(_ end: AttemptEnd) {
        if attempts == 1 { startedAt = end.startedAt }
        latency = end.latency
        switch end.result {
        case .answered(let answer): keep(answer.error == nil ? .succeeded : .failed, answer, answer.error)
        case .notSent(let error): keep(.failed, nil, error)
        case .unknown(let error): keep(.unknown, nil, error)
        case .held, .cancelled: break
        }
    }

    private mutating func keep(_ ending: Ending, _ answer: Answer?, _ error: InvocationError?) {
        self.ending = ending
        self.answer = answer
        self.error = error
    }

    var isWaiting: Bool { state != .free && state != .inFlight }
}
