import ArgumentParser

/// Options that replace the platform by the embedded sandbox.
struct SandboxOptions: ParsableArguments {
    @Flag(help: "Invoke an embedded local LivePerson; needs no account.")
    var sandbox = false

    @Option(
        help: ArgumentHelp("What it answers, from a file (implies --sandbox).", valueName: "file"),
        completion: .jobFiles)
    var sandboxScript: String?
}
