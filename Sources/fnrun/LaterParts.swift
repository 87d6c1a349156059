import ArgumentParser
import JobModel

/// Commands and options of this program that this version does not have yet: refused by name, never ignored.
enum LaterParts {
    private static let commands: Set<String> = [
        "schedule", "tick", "smoke", "plan", "history", "why", "simulate", "schema", "doctor",
    ]
    private static let options: Set<String> = ["--state"]

    /// Why the arguments name something that is not there; nil if there is nothing of the kind.
    static func refusal(of arguments: some Sequence<String>) -> String? {
        for (position, argument) in arguments.prefix(while: { $0 != "--" }).enumerated() {
            if position == 0, commands.contains(argument) { return "fnrun \(argument): not supported yet" }
            if position == 0, let message = unknownCommand(argument) { return message }
            let name = argument.prefix { $0 != "=" }
            if options.contains(String(name)) { return "\(name): not supported yet" }
        }
        return nil
    }

    private static func unknownCommand(_ word: String) -> String? {
        let known = Fnrun.configuration.subcommands.compactMap { $0.configuration.commandName } + ["help"]
        guard !word.hasPrefix("-"), !known.contains(word) else { return nil }
        let meant = NameSuggestion.closest(to: word, in: known).map { "did you mean '\($0)'?" }
        return "fnrun: there is no command '\(word)'; \(meant ?? "commands: " + known.joined(separator: ", "))"
    }
}
