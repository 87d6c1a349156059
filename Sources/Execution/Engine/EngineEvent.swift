import JobModel

/// What happens to a run, as other threads report it to the decision queue.
enum EngineEvent: Sendable {
    case begin
    case batch(PreparedBatch)
    case announced(RecorderFailure?)
    case recorded(RecorderFailure?)
    case summarized(RunEnd, RecorderFailure?)
    case ended([AttemptEnd])
    case gateway(GatewayState)
    case stop(drain: Duration)
    case abort
}
