import ArgumentParser
import RunnerKit

@main
enum Main {
    static func main() async {
        Console.ignoreBrokenPipes()
        if let refusal = UnknownCommand.refusal(of: CommandLine.arguments.dropFirst()) {
            refuse(refusal, as: asksForJSON ? .json : .text)
        }
        do {
            var command = try Fnrun.parseAsRoot()
            ProcessMemory.keepCompact(for: command is any JobFilesCommand ? .jobFiles : .rows)
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch {
            let isWrongUsage = Fnrun.exitCode(for: error) == .validationFailure && !(error is ExitCode)
            if isWrongUsage, asksForJSON { refuse(Fnrun.message(for: error), as: .json) }
            Fnrun.exit(withError: error)
        }
    }

    private static func refuse(_ message: String, as format: CommonSettings.Format) -> Never {
        Console.standard(format).failure(CommandFailure(.usage, message))
        Fnrun.exit(withError: ExitCode(ExitStatus.usage.rawValue))
    }

    /// Failures are to be told as JSON, those of arguments, too, which therefore cannot be asked.
    private static var asksForJSON: Bool {
        let arguments = CommandLine.arguments
        return arguments.contains("--format=json")
            || zip(arguments, arguments.dropFirst()).contains { $0 == ("--format", "json") }
    }
}
