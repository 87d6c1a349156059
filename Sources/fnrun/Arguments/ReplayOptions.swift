import ArgumentParser

/// Options that say which rows are replayed.
struct ReplayOptions: ParsableArguments {
    enum Only: String, ExpressibleByArgument, CaseIterable {
        case failed
    }

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("The job; a file's only one need not be named.", valueName: "name"), completion: .jobNames)
    var job: String?

    @Option(
        help: ArgumentHelp(
            "The input; '-' is stdin. With --only, the result file to redrive.", valueName: "file"),
        completion: .files)
    var from: String

    @Option(
        help: ArgumentHelp(
            "Only the rows that failed or were cancelled in the result file --from.", valueName: "failed"))
    var only: Only?

    @Option(
        help: ArgumentHelp(
            "With --only: render these rows anew from the original input, not as recorded.", valueName: "file"),
        completion: .files)
    var input: String?

    @Option(
        help: ArgumentHelp(
            "Only part I of N of the rows, such as 2/4; 'auto' asks an array job.", valueName: "i/n"),
        transform: ShardArgument.parse)
    var shard: ShardArgument?

    func validate() throws {
        if from.isEmpty { throw ValidationError("--from wants the path of an input") }
        if input != nil, only == nil { throw ValidationError("--input is for --only: give the input with --from") }
        if input == "-" || only != nil && from == "-" {
            throw ValidationError("--only reads its files more than once: give paths, not '-'")
        }
    }
}
