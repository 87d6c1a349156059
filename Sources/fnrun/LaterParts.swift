import ArgumentParser
import JobModel

/// Commands of this program that this version does not have yet: refused by name, never ignored.
enum LaterParts {
    private static let commands: Set<String> = [
    ]

    /// Why the arguments name something that is not there; nil if there is nothing of the kind.
    static func refusal(of arguments: some Sequence<String>) -> String? {
        guard let command = arguments.first(where: { _ in true }), command != "--" else { return nil }
        return commands.contains(command) ? "fnrun \(command): not supported yet" : unknownCommand(command)
    }

    private static func unknownCommand(_ word: String) -> String? {
        let known = Fnrun.configuration.subcommands.compactMap { $0.configuration.commandName } + ["help"]
        guard !word.hasPrefix("-"), !known.contains(word) else { return nil }
        let meant = NameSuggestion.closest(to: word, in: known).map { "did you mean '\($0)'?" }
        return "fnrun: there is no command '\(word)'; \(meant ?? "commands: " + known.joined(separator: ", "))"
    }
}
