import ArgumentParser
import RunnerKit

/// Options of the commands that start scheduled runs: their ledger.
struct SchedulerOptions: ParsableArguments {
    @OptionGroup var ledger: StateOptions

    @Option(help: ArgumentHelp("Forget what became of occurrences after so long, such as 30d.", valueName: "duration"))
    var keep = DurationArgument(ScheduleSettings().keep)

    /// The settings that these options and those of the connections stand for.
    func settings(_ connections: ConnectionOptions) -> ScheduleSettings {
        var settings = ScheduleSettings()
        settings.state = ledger.state
        settings.keep = keep.duration
        connections.apply(to: &settings.run)
        return settings
    }
}
