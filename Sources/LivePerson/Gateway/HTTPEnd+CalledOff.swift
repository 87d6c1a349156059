import JobModel

extension HTTPEnd {
    /// Whether it ended because the engine was told to end it.
    var isCalledOff: Bool {
        switch result {
        case .cancelled: true
        case .unknown(let failure): failure.kind == .aborted
        case .response, .notSent, .tooLarge: false
        }
    }
}
