package import JobModel

/// What the commands that invoke functions can be told; flags beat the job file.
package struct RunSettings: Sendable {
    package enum Progress: String, Sendable, CaseIterable {
        case auto, plain, none
    }

    /// `--output`, relative to the working directory; `-` is stdout.
    package var output: String?
    package var appends = false
    package var concurrency: Int?
    package var rate: Rate?
    /// Only the first so many rows.
    package var limit: Int?
    package var isDryRun = false
    package var progress = Progress.auto
    /// Nil goes by the job file and the name.
    package var inputFormat: InputFormat?
    package var nominalTime: Timestamp?
    /// How long hosts or a token may be missing.
    package var authTimeout: Duration = .seconds(60)
    /// How long a stopped run may drain.
    package var shutdownTimeout: Duration = .seconds(25)
    /// Attempts in flight across everything; raised by a larger `concurrency`.
    package var maxConcurrency = 512

    /// `--resume`: the result file to go on in.
    package var resume: String?
    /// Send rows again of which nobody knows whether they ran.
    package var retriesUnknown = false
    /// Go on although input or job have changed: rows are matched by their keys.
    package var acceptsChanges = false
    package var shard: ShardChoice?

    /// Use HTTP/2 where a server offers it.
    package var offersHTTP2 = false

    package init() {}
}
