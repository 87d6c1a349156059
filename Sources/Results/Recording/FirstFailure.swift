import JobModel
import Synchronization

/// The failure that ended a recording: the first one counts, and stays.
final class FirstFailure: Sendable {
    private let failure = Mutex<RecorderFailure?>(nil)

    var current: RecorderFailure? { failure.withLock { $0 } }

    func set(_ error: ResultsError) {
        failure.withLock { failure in
            if failure == nil { failure = RecorderFailure(message: error.message) }
        }
    }
}
