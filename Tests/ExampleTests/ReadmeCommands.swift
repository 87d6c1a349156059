/// The commands that a README shows in its `sh` blocks.
struct ReadmeCommands {
    struct Command: Sendable, Equatable {
        /// As written, without the comment.
        var text: String
        /// What a comment `# exit code N` behind it says; else 0.
        var status: Int32

        /// Another program runs fnrun, such as `timeout`.
        var isWrapped: Bool { !text.hasPrefix("fnrun ") }

        /// The words after `fnrun`; no example needs quotes.
        var arguments: [String] {
            text.split(separator: " ").drop { $0 != "fnrun" }.dropFirst().map(String.init)
        }

        /// The file that it writes records into: the value of `--output`, or of `--resume`.
        var output: String? {
            let arguments = arguments
            guard let position = arguments.firstIndex(where: { ["--output", "--resume"].contains($0) }),
                position + 1 < arguments.count
            else { return nil }
            return arguments[position + 1]
        }
    }

    let commands: [Command]

    init(_ text: String) {
        var isShell = false
        var commands: [Command] = []
        for line in text.split(separator: "\n") {
            if line.hasPrefix("```") {
                isShell = line == "```sh"
            } else if isShell, line.hasPrefix("fnrun ") || line.contains(" fnrun ") {
                let parts = line.split(separator: "#", maxSplits: 1)
                let status = parts.dropFirst().first.flatMap { Int32($0.split(separator: " ").last ?? "") }
                let words = parts[0].split(separator: " ").joined(separator: " ")
                commands.append(Command(text: words, status: status ?? 0))
            }
        }
        self.commands = commands
    }
}
