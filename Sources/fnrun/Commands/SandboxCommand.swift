import ArgumentParser
import RunnerKit

struct SandboxCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sandbox",
        abstract: "Serve a local LivePerson, to try and test with.",
        usage: "fnrun sandbox [<options>]",
        discussion: """
            Domain API, Sentinel and gateway on loopback. Echoes each payload unless a
            script says otherwise, checks requests as strictly as the platform, and counts
            what it saw and every deviation from the protocol at
            /__stats. Runs until it is stopped.

            Examples:
              fnrun sandbox
              fnrun sandbox --port 0 --script sandbox.yaml
            """)

    @Option(help: "The port on 127.0.0.1; 0 takes a free one.")
    var port = 8123

    @Option(help: ArgumentHelp("What the functions answer.", valueName: "file"), completion: .jobFiles)
    var script: String?

    @OptionGroup var common: CommonOptions

    func validate() throws {
        guard (0...65_535).contains(port) else { throw ValidationError("--port wants 0 to 65535, not \(port)") }
    }

    func run() async throws {
        let command = ServeSandbox(common: try common.settings(), port: port, script: script)
        try await exit(common.format) { try await command.execute() }
    }
}
