import ArgumentParser

/// Options that replace the platform by the embedded sandbox.
struct SandboxOptions: ParsableArguments {
    @Flag(help: "Invoke an embedded local LivePerson; 'account' is ignored and may be absent.")
    var sandbox = false

    @Option(help: ArgumentHelp("What the embedded sandbox answers (implies --sandbox).", valueName: "file"))
    var sandboxScript: String?
}
