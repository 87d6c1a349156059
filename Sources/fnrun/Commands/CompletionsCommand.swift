import ArgumentParser
import RunnerKit

struct CompletionsCommand: AsyncParsableCommand {
    /// The shells that there are completion scripts for.
    enum Shell: String, ExpressibleByArgument, CaseIterable {
        case bash, zsh, fish

        var script: String {
            switch self {
            case .bash: Fnrun.completionScript(for: .bash)
            case .zsh: Fnrun.completionScript(for: .zsh)
            case .fish: Fnrun.completionScript(for: .fish)
            }
        }
    }

    static let configuration = CommandConfiguration(
        commandName: "completions",
        abstract: "Print the completion script of a shell.",
        discussion: """
            Completes commands, options, values, files, and the names of jobs of the files
            named before. 'make install' puts the scripts where shells look for them.

            Examples:
              fnrun completions bash > fnrun.bash  # then 'source' it in ~/.bashrc
              fnrun completions zsh > _fnrun       # in a folder of zsh's $fpath
              fnrun completions fish > fnrun.fish  # in ~/.config/fish/completions
            """)

    @Argument(help: "The shell.")
    var shell: Shell

    func run() async throws {
        try await exit(.text) {
            try Console.standard.data(shell.script)
            return .success
        }
    }
}
