import ArgumentParser
import RunnerKit

@main
enum Main {
    static func main() async {
        Console.ignoreBrokenPipes()
        if let refusal = UnknownCommand.refusal(of: CommandLine.arguments.dropFirst()) {
            Console.standard.error(refusal)
            Fnrun.exit(withError: ExitCode(ExitStatus.usage.rawValue))
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
            Fnrun.exit(withError: error)
        }
    }
}
