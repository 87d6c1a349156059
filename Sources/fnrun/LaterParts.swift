/// Commands and options of this program that this version does not have yet: refused by name, never ignored.
enum LaterParts {
    private static let commands: Set<String> = [
        "replay", "schedule", "tick", "smoke", "plan", "history", "why", "simulate", "schema", "doctor",
    ]
    private static let options: Set<String> = ["--resume", "--state"]

    /// What the arguments ask for that is not there yet; nil if there is nothing of the kind.
    static func refusal(of arguments: some Sequence<String>) -> String? {
        for (position, argument) in arguments.prefix(while: { $0 != "--" }).enumerated() {
            if position == 0, commands.contains(argument) { return "fnrun \(argument): not supported yet" }
            let name = argument.prefix { $0 != "=" }
            if options.contains(String(name)) { return "\(name): not supported yet" }
        }
        return nil
    }
}
