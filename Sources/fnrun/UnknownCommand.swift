import ArgumentParser
import JobModel

/// A first word that is no command of this program.
enum UnknownCommand {
    /// Why the arguments name something that is not there; nil if there is nothing of the kind.
    static func refusal(of arguments: some Sequence<String>) -> String? {
        guard let word = arguments.first(where: { _ in true }), !word.hasPrefix("-") else { return nil }
        let known = Fnrun.configuration.subcommands.compactMap { $0.configuration.commandName } + ["help"]
        guard !known.contains(word) else { return nil }
        let meant = NameSuggestion.closest(to: word, in: known).map { "did you mean '\($0)'?" }
        return "fnrun: there is no command '\(word)'; \(meant ?? "commands: " + known.joined(separator: ", "))"
    }
}
