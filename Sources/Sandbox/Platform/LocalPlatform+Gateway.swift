import JSONText
import JobModel
import NIOCore
import Synchronization
import Templating

extension LocalPlatform {
    /// The gateway: invokes a function by its UUID, or those that implement an event.
    func invoke(_ request: PlatformRequest, route: Route, path: UnsafeBufferPointer<UInt8>, query: FormFields) -> Answer
    {
        let reading = GatewayReading(
            request, route: route, path: path, query: query, authorities: authorities, isV2: script.isV2,
            remembersPayloads: script.memory.payloads > 0, wall: time.wallNow())
        let known = targets(of: route).compactMap { id in self.functions.function(id).map { (id, $0) } }
        let content = known.contains { $0.1.needsContent } ? reading.content : nil
        var functions = known.map { id, function in
            let (behaviour, sequence) = function.behaviour(for: content)
            return Chosen(id: id, function: function, behaviour: behaviour, sequence: sequence)
        }
        let now = time.monotonicNow()
        var decision = state.withLock { decide(reading, functions: &functions, now: now, state: &$0) }
        if case .reply(let status) = decision.outcome {
            decision.answer.status = status
            let replies = Replies(reading: reading, content: content, attempt: decision.attempt)
            fill(&decision.answer, functions: functions, replies: replies)
        }
        return decision.answer
    }

    /// A function that a request reaches, and what happens there.
    private struct Chosen {
        var id: UUIDKey
        var function: FunctionScript
        var behaviour: Behaviour
        var sequence: Int
        /// How many requests it got before.
        var arrival = 0
    }

    private struct Decision {
        enum Outcome {
            case refused
            /// The functions' replies are to be put into the answer.
            case reply(status: Int)
        }

        var outcome = Outcome.refused
        var answer: Answer
        var attempt = 1
    }

    private func targets(of route: Route) -> [UUIDKey] {
        switch route {
        case .function(_, let id): [id]
        case .event(_, let id): functions.implementations(of: id)
        case .malformedFunction, .implementation, .service, .services, .token, .statistics, .reset, .unknown: []
        }
    }

    /// Everything that depends on what came before.
    private func decide(
        _ reading: GatewayReading, functions: inout [Chosen], now: MonotonicInstant, state: inout PlatformState
    ) -> Decision {
        state.count(reading.endpoint)
        state.note(reading.findings, endpoint: reading.endpoint, at: reading.wall)
        let ticket = reading.target.map { state.begin($0, name: functions.first?.function.name, now: now) }
        var decision = Decision(answer: Answer(status: 200))
        if let id = reading.requestID {
            let arrival = state.arrive(id, fingerprint: reading.fingerprint)
            decision.attempt = arrival.attempt
            if arrival.isReused {
                let message = "the X-Request-ID \(id.text) was used for another request before"
                state.note(deviation(.requestIDReused, message, reading))
            }
        }
        if let refused = refusal(reading, now: now, state: &state) {
            decision.answer = refused
        } else if functions.isEmpty {
            decision.answer = nothingThere(reading)
        } else {
            decide(reading, functions: &functions, decision: &decision, state: &state)
        }
        decision.answer.ticket = ticket
        state.count(decision.answer)
        if decision.answer.delivery == .whole, decision.answer.status == 401 { state.unauthorized += 1 }
        return decision
    }

    private func deviation(_ rule: Deviation.Rule, _ message: String, _ reading: GatewayReading) -> Deviation {
        Deviation(time: reading.wall, endpoint: reading.endpoint, rule: rule, message: message)
    }

    /// The refusal of a request that should not have been sent, or not with this token.
    private func refusal(_ reading: GatewayReading, now: MonotonicInstant, state: inout PlatformState) -> Answer? {
        let found = reading.findings.refusal
        if let found, found.precedesAuthorization {
            var answer = refusal(found.status, message: found.message)
            if found.status == 405 { answer.allow = "POST" }
            return answer
        }
        if let token = reading.token {
            switch state.tokens.check(token, account: reading.account, script: script.token, now: now) {
            case .accepted: break
            case .unknown:
                state.note(deviation(.unknownToken, "the token was never issued", reading))
                return refusal(401, message: "the token is unknown")
            case .foreign:
                state.note(deviation(.foreignToken, "the token is of another account", reading))
                return refusal(401, message: "the token is of another account")
            case .expired(let ago):
                // What expires on the way is nobody's fault.
                if ago > .milliseconds(250) {
                    let message = "the token had expired \(ago.durationText) before it was sent"
                    state.note(deviation(.expiredToken, message, reading))
                }
                return refusal(401, message: "the token has expired")
            case .revoked:
                return refusal(401, message: "the token was revoked")
            }
        }
        return found.map { refusal($0.status, message: $0.message) }
    }

    private func nothingThere(_ reading: GatewayReading) -> Answer {
        if reading.endpoint == .event, !script.isV2 { return Answer(status: 200, body: .bytes(Array("[]".utf8))) }
        return refusal(404, message: "there is no function for \(reading.target?.text ?? "this request")")
    }

    /// The fate of an accepted request: of several functions the first failure decides.
    private func decide(
        _ reading: GatewayReading, functions: inout [Chosen], decision: inout Decision, state: inout PlatformState
    ) {
        var fate = Fate(.ok)
        var latency = Duration.zero
        var step: Int?
        for position in functions.indices {
            let chosen = functions[position]
            functions[position].arrival = state.nextArrival(at: chosen.id)
            let behaviour = chosen.behaviour
            var own = Fate(.ok)
            if !behaviour.sequence.isEmpty || behaviour.afterwards != nil || behaviour.failures != nil {
                // The functions of one event see the same step of its request id.
                let isShared = chosen.function.scope == .request
                let current =
                    isShared && step != nil
                    ? step ?? 0
                    : state.nextStep(
                        of: chosen.id, sequence: chosen.sequence, requestID: reading.requestID,
                        scope: chosen.function.scope)
                if isShared { step = current }
                own = behaviour.fate(step: current, arrival: functions[position].arrival)
            }
            if let wanted = own.latency ?? behaviour.latency {
                let draw = Draw.number(seed: 0, index: UInt64(functions[position].arrival))
                latency = max(latency, wanted.duration(for: draw))
            }
            if fate.isSuccess { fate = own }
        }
        if fate.runsFunction, let target = reading.target {
            state.execute(target, functions: functions.map(\.id), requestID: reading.requestID)
            if script.memory.payloads > 0 { state.execute(payload: reading.payloadFingerprint) }
        }
        switch fate.kind {
        case .revoked, .expired: if let token = reading.token { state.tokens.revoke(token) }
        default: break
        }
        decision.answer = failure(fate)
        if fate.body == nil, fate.isSuccess || fate.kind == .torn { decision.outcome = .reply(status: fate.status) }
        decision.answer.latency = latency
    }

    /// Puts the functions' replies into an answer.
    private func fill(_ answer: inout Answer, functions: [Chosen], replies: Replies) {
        do {
            if replies.reading.endpoint == .invoke, let chosen = functions.first {
                answer.body = try replies.reply(of: chosen)
                return
            }
            var bytes: [UInt8] = []
            for chosen in functions {
                JSONWriter.append(raw: bytes.isEmpty ? "[{\"uuid\":\"" : ",{\"uuid\":\"", to: &bytes)
                JSONWriter.append(raw: chosen.id.text, to: &bytes)
                JSONWriter.append(raw: "\",\"timestamp\":\"", to: &bytes)
                bytes += replies.reading.wall.rfc3339Bytes()
                JSONWriter.append(raw: "\",\"result\":", to: &bytes)
                switch try replies.reply(of: chosen) {
                case .none: break
                case .bytes(let reply): bytes += reply
                case .slice(let reply): bytes += reply.readableBytesView
                }
                bytes.append(UInt8(ascii: "}"))
            }
            bytes.append(UInt8(ascii: "]"))
            answer.body = .bytes(bytes)
        } catch {
            let counted = answer.status
            let failed = failure(Fate(.status(901), message: "the reply could not be made: \(error)"))
            answer.status = failed.status
            answer.body = failed.body
            state.withLock { $0.replace(status: counted, by: failed.status) }
        }
    }

    /// Makes the replies to one request.
    private struct Replies {
        let reading: GatewayReading
        /// Nil if no function needs it.
        let content: RequestContent?
        let attempt: Int

        func reply(of chosen: Chosen) throws(TemplateError) -> Answer.Body {
            guard let template = chosen.behaviour.reply, let content else { return .slice(reading.payload) }
            return .bytes(
                try template.render(
                    ReplyTemplate.Values(
                        payload: content.payload, headers: content.headers, function: chosen.id,
                        name: chosen.function.name, account: reading.account, requestID: reading.requestID?.text,
                        attempt: attempt, index: chosen.arrival, now: reading.wall,
                        seed: UInt64(truncatingIfNeeded: reading.fingerprint))))
        }
    }
}
