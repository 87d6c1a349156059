import ArgumentParser

/// Options that say which jobs of a file are run.
struct JobOptions: ParsableArguments {
    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("This job; repeatable. A file's only one need not be named.", valueName: "name"),
        completion: .jobNames)
    var job: [String] = []

    @Flag(help: "Every job of the file.")
    var all = false

    @Option(
        help: ArgumentHelp(
            "Run as the occurrence of this time, such as 2026-11-22T01:15:00Z (RFC 3339); enters the ledger if it is one.",
            valueName: "time"))
    var nominalTime: TimeArgument?

    func validate() throws {
        guard job.isEmpty || !all else { throw ValidationError("--job and --all exclude each other") }
    }
}
