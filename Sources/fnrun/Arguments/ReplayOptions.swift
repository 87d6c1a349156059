import ArgumentParser

/// Options that say which rows are replayed.
struct ReplayOptions: ParsableArguments {
    enum Only: String, ExpressibleByArgument, CaseIterable {
        case failed
    }

    @Option(help: ArgumentHelp("The input; with --only, the result file to redrive.", valueName: "file"))
    var from: String

    @Option(
        help: ArgumentHelp("Redrive the rows of a result file that failed or were cancelled.", valueName: "failed"))
    var only: Only?

    @Option(
        help: ArgumentHelp(
            "With --only: render the rows anew from the original input; else they are sent as recorded.",
            valueName: "file"))
    var input: String?

    @Option(
        help: ArgumentHelp(
            "Only one of several parts of the rows: I/N, I from 1, or auto in array jobs.", valueName: "i/n"),
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
