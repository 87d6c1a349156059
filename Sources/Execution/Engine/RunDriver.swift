import JobModel
import Synchronization

/// One run's connections: carries out its actions and posts what comes back.
///
/// It keeps the engine alive until the run has ended.
final class RunDriver: AttemptReceiver, GatewayObserver, Sendable {
    let specification: RunSpecification
    private let engine: ExecutionEngine
    private let source: any InvocationSource
    private let gateway: any InvocationGateway
    private let recorder: any RunRecorder
    private let completion: @Sendable (RunEnd) -> Void
    private let latest: Mutex<RunProgress>

    init(
        _ specification: RunSpecification, engine: ExecutionEngine, source: any InvocationSource,
        gateway: any InvocationGateway, recorder: any RunRecorder, completion: @escaping @Sendable (RunEnd) -> Void
    ) {
        self.specification = specification
        self.engine = engine
        self.source = source
        self.gateway = gateway
        self.recorder = recorder
        self.completion = completion
        var progress = RunProgress()
        progress.counts = specification.carried.settled
        latest = Mutex(progress)
    }

    var progress: RunProgress {
        get { latest.withLock { $0 } }
        set { latest.withLock { $0 = newValue } }
    }

    func ended(_ ends: [AttemptEnd]) {
        post(.ended(ends))
    }

    func gatewayChanged(to state: GatewayState) {
        post(.gateway(state))
    }

    func post(_ event: EngineEvent) {
        engine.post(event, to: self)
    }

    /// Asks for hosts and a token; its state comes back as an event.
    func observeGateway() {
        gateway.observe(self)
    }

    func carryOut(_ action: RunAction) {
        switch action {
        case .read(let limit): source.read(upTo: limit) { @Sendable [self] in post(.batch($0)) }
        case .announce(let batch): recorder.announce(batch) { @Sendable [self] in post(.announced($0)) }
        case .send(let attempts): gateway.start(attempts, receiver: self)
        case .record(let results): recorder.record(results) { @Sendable [self] in post(.recorded($0)) }
        case .cancelInFlight: gateway.cancelAll(of: self)
        case .finish(let end): recorder.finish(end) { @Sendable [self] in post(.summarized(end, $0)) }
        }
    }

    /// Reports the end of the run, of which the summary is a part.
    func complete(_ end: RunEnd, _ failure: RecorderFailure?) {
        var end = end
        if let failure { end.reason = .output(failure.message) }
        completion(end)
    }
}
