import JobModel

/// Turns the ends of HTTP requests into the ends of attempts.
struct AttemptEndReader: Sendable {
    let tokenGeneration: UInt64
    let isEvent: Bool
    let keepsHeaders: Bool
    /// Of the client secret, and the token that the attempts were sent with: an answer that echoes them does not carry
    /// them on.
    let mask: SecretMask
    let time: any TimeSource

    func read(_ end: HTTPEnd) -> AttemptEnd {
        switch end.result {
        case .response(let status, let headers, let body):
            var answer = AnswerReader.read(
                status: status, headers: headers, body: mask.masked(body), isEvent: isEvent,
                keepsHeaders: keepsHeaders, wallNow: time.wallNow())
            for position in answer.headers.indices {
                answer.headers[position].value = mask.masked(answer.headers[position].value)
            }
            // What was escaped in the body in an unusual way is unescaped here.
            answer.error = answer.error.map(masked)
            return self.end(end, .answered(answer))
        case .tooLarge(let status):
            let error = InvocationError(.response, message: "the answer (status \(status)) is too large to be read")
            return self.end(end, .answered(Answer(status: status, body: [], error: error)))
        case .notSent(let failure):
            return self.end(end, .notSent(InvocationError(.network, message: failure.message)), generation: 0)
        case .unknown(let failure):
            return self.end(end, .unknown(Self.error(failure)))
        case .cancelled:
            return self.end(end, .cancelled, generation: 0)
        }
    }

    private func masked(_ error: InvocationError) -> InvocationError {
        InvocationError(
            error.errorClass, code: error.code.map { mask.masked($0) }, message: mask.masked(error.message))
    }

    private static func error(_ failure: TransportFailure) -> InvocationError {
        let errorClass: ErrorClass =
            switch failure.kind {
            case .timeout: .timeout
            case .aborted: .cancelled
            case .dns, .connect, .tls, .proxy, .reset, .protocolViolation: .network
            }
        return InvocationError(errorClass, message: failure.message)
    }

    private func end(_ end: HTTPEnd, _ result: AttemptEnd.Result, generation: UInt64? = nil) -> AttemptEnd {
        AttemptEnd(
            id: end.id, result: result, tokenGeneration: generation ?? tokenGeneration, startedAt: end.startedAt,
            latency: end.latency)
    }
}
