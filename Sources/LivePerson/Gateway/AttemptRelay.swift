import JobModel

/// Takes the ends of attempts that have a receiver, a token and a gateway in common, and hands them on.
///
/// What they have in common is kept here once, so that nothing need be remembered by attempt.
final class AttemptRelay: HTTPReceiver {
    struct Key: Hashable, Sendable {
        let receiver: ObjectIdentifier
        /// Counts passes: another token or gateway is another serial.
        let passSerial: UInt64
        let isEvent: Bool
        let keepsHeaders: Bool
        /// Carries one attempt, which finds out whether the gateway takes a token that was answered 401.
        let isProbe: Bool
    }

    /// What a batch of ends tells about token and gateway.
    struct Findings: Sendable {
        var ends = 0
        var accepted = false
        var rejected = false
        var answered = false
        var unanswered = 0
    }

    let key: Key
    let reader: AttemptEndReader
    private let receiver: any AttemptReceiver
    private let report: @Sendable (AttemptRelay, Findings, [AttemptEnd]) -> Void

    /// - Parameter report: sees to it that ``deliver(_:)`` is called with the ends.
    init(
        key: Key, receiver: any AttemptReceiver, reader: AttemptEndReader,
        report: @escaping @Sendable (AttemptRelay, Findings, [AttemptEnd]) -> Void
    ) {
        self.key = key
        self.receiver = receiver
        self.reader = reader
        self.report = report
    }

    func received(_ ends: [HTTPEnd]) {
        var findings = Findings()
        findings.ends = ends.count
        var attempts: [AttemptEnd] = []
        attempts.reserveCapacity(ends.count)
        for end in ends {
            var attempt = reader.read(end)
            switch attempt.result {
            case .answered(let answer):
                findings.answered = true
                if answer.status == 401 {
                    findings.rejected = true
                    if key.isProbe { attempt = Self.held(attempt) }
                } else if AnswerReader.acceptsToken(status: answer.status) {
                    findings.accepted = true
                }
            case .notSent:
                findings.unanswered += 1
            case .unknown(let error):
                if error.errorClass != .cancelled { findings.unanswered += 1 }
            case .held, .cancelled:
                break
            }
            attempts.append(attempt)
        }
        report(self, findings, attempts)
    }

    func deliver(_ ends: [AttemptEnd]) {
        receiver.ended(ends)
    }

    /// The 401 of a probe is the token's, not the attempt's: nothing ran, and it is started again under a better one.
    private static func held(_ attempt: AttemptEnd) -> AttemptEnd {
        AttemptEnd(
            id: attempt.id, result: .held, tokenGeneration: 0, startedAt: attempt.startedAt, latency: attempt.latency)
    }
}
