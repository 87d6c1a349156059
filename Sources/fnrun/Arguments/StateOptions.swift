import ArgumentParser

/// Options of the commands that keep or read a ledger.
struct StateOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Where the ledger is. (default: .fnrun beside the first file or in the first folder; without files, here)",
            valueName: "dir"),
        completion: .directory)
    var state: String?
}
