/// Whether a token may be sent, after what the gateway said to it.
enum TokenTrust: Sendable {
    /// Nothing speaks against it.
    case whole
    /// Rejected: held back.
    case withdrawn
    /// Rejected, but an attempt that had left before was accepted after that: one attempt may leave to find out.
    case doubtful
    /// That attempt is on its way; all others are held back.
    case probed

    /// Whether an attempt may leave.
    var lets: Bool {
        switch self {
        case .whole, .doubtful: true
        case .withdrawn, .probed: false
        }
    }
}
