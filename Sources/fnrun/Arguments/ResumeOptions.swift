import ArgumentParser
import RunnerKit

/// Options of the commands that can go on where an earlier run has ended.
struct ResumeOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Go on in this result file: what is recorded as succeeded is not sent again.", valueName: "results"),
        completion: .file(extensions: ["jsonl"]))
    var resume: String?

    @Flag(help: "Also send rows again that may have run.")
    var retryUnknown = false

    @Flag(help: "Go on although input or job changed; match rows by key.")
    var acceptChanges = false

    func validate() throws {
        if resume == "-" { throw ValidationError("--resume wants a result file, not standard output") }
        if resume?.isEmpty == true { throw ValidationError("--resume wants the path of a result file") }
    }

    /// What makes no sense beside other options.
    ///
    /// - Parameter redrives: the rows are those of a result file, which other options name.
    func validate(output: String?, appends: Bool, redrives: Bool = false) throws {
        if resume != nil, output != nil {
            throw ValidationError("--resume goes on in its own file: leave --output out")
        }
        if resume != nil, appends {
            throw ValidationError("--resume goes on with a run, --append adds another: give one of them")
        }
        guard resume == nil, !redrives else { return }
        if retryUnknown { throw ValidationError("--retry-unknown is for a run that goes on: add --resume RESULTS") }
        if acceptChanges { throw ValidationError("--accept-changes is for a run that goes on: add --resume RESULTS") }
    }

    func apply(to settings: inout RunSettings) {
        settings.resume = resume
        settings.retriesUnknown = retryUnknown
        settings.acceptsChanges = acceptChanges
    }
}
