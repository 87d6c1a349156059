package import JobModel

/// What `--shard` says.
package enum ShardChoice: Sendable, Hashable {
    case fixed(Shard)
    /// The environment of an array job tells.
    case automatic

    /// Reads `I/N` or `auto`.
    package init?(text: String) {
        if text == "auto" {
            self = .automatic
        } else if let shard = Shard(text: text) {
            self = .fixed(shard)
        } else {
            return nil
        }
    }

    /// - Throws: ``CommandFailure`` with status 64 if the environment does not tell.
    func shard(in environment: [String: String]) throws(CommandFailure) -> Shard {
        switch self {
        case .fixed(let shard): return shard
        case .automatic: return try ArrayJob.shard(in: environment)
        }
    }
}
