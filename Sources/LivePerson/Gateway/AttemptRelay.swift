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
    private let report: @Sendable (AttemptRelay, Findings) -> Void

    init(
        key: Key, receiver: any AttemptReceiver, reader: AttemptEndReader,
        report: @escaping @Sendable (AttemptRelay, Findings) -> Void
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
            let attempt = reader.read(end)
            switch attempt.result {
            case .answered(let answer):
                findings.answered = true
                if answer.status == 401 {
                    findings.rejected = true
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
        report(self, findings)
        receiver.ended(attempts)
    }
}
