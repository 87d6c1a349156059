import ArgumentParser
import JobModel

/// A first word that is no command of this program.
enum UnknownCommand {
    /// What other programs call the flag.
    private static let versions: Set<String> = ["version", "-v", "-V", "-version"]

    /// Why the arguments name something that is not there; nil if there is nothing of the kind.
    static func refusal(of arguments: some Sequence<String>) -> String? {
        var words = Array(arguments.prefix(2))
        // Of 'help' another command's name follows.
        if words.first == "help", words.count == 2 { words.removeFirst() }
        guard let word = words.first else { return nil }
        if versions.contains(word) {
            return "fnrun: '\(word)' is not known; 'fnrun --version' tells the version"
        }
        guard !word.hasPrefix("-") else { return nil }
        let known = Fnrun.configuration.subcommands.compactMap { $0.configuration.commandName } + ["help"]
        guard !known.contains(word) else { return nil }
        let meant = NameSuggestion.closest(to: word, in: known).map { "did you mean '\($0)'?" }
        return "fnrun: there is no command '\(word)'; \(meant ?? "'fnrun --help' shows those that there are")"
    }
}
