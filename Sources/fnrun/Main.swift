import ArgumentParser
import RunnerKit

@main
enum Main {
    static func main() async {
        Console.ignoreBrokenPipes()
        ProcessMemory.keepCompact()
        if let refusal = UnknownCommand.refusal(of: CommandLine.arguments.dropFirst()) {
            Console.standard.error(refusal)
            Fnrun.exit(withError: ExitCode(ExitStatus.usage.rawValue))
        }
        await Fnrun.main()
    }
}
