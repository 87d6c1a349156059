internal import Logging
internal import Status

extension HookNote {
    /// What the log says of it, and how urgently.
    var message: (level: Logger.Level, text: String) {
        let what = "\(job): \(kind.rawValue) to \(host)"
        let why = reason.map { ": \($0)" } ?? ""
        return switch result {
        case .delivered: (.info, "\(what) delivered")
        case .delayed: (.info, "\(what) is tried again\(why)")
        case .failed: (.error, "\(what) failed after \(attempts) attempts\(why)")
        case .dropped: (.error, "\(what) was dropped\(why)")
        }
    }
}
