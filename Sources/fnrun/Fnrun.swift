import ArgumentParser
import RunnerKit

struct Fnrun: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fnrun",
        abstract: "Run LivePerson Functions: on a schedule, or once per row of a file.",
        discussion: """
            Examples:
              fnrun init demo                    # a first job file, with comments
              fnrun run demo/job.yaml --sandbox  # runs without an account
              fnrun validate demo/               # every problem, with line and column

            Exit codes:
              0         all well
              1         an invocation or an expectation failed
              2         invalid job file, or an input that cannot be read
              3         hosts or a token could not be had
              4         credentials rejected
              5         stopped: too many failures
              6         resume refused: input or job have changed
              7         results could not be written
              8         occurrences were missed (tick)
              64        wrong usage
              130, 143  stopped by SIGINT, SIGTERM

            Each command explains itself: 'fnrun run --help', or 'man fnrun-run' once
            installed. The pages of docs/ begin with docs/getting-started.md; settings of
            job files are in docs/job-files.md.
            """,
        version: Version.current,
        groupedSubcommands: [
            CommandGroup(
                name: "Run",
                subcommands: [
                    RunCommand.self, ReplayCommand.self, SmokeCommand.self, InvokeCommand.self, ReportCommand.self,
                ]),
            CommandGroup(
                name: "Schedule",
                subcommands: [
                    ScheduleCommand.self, TickCommand.self, PlanCommand.self, SimulateCommand.self,
                    HistoryCommand.self, WhyCommand.self,
                ]),
            CommandGroup(
                name: "Setup",
                subcommands: [
                    InitCommand.self, ValidateCommand.self, DoctorCommand.self, ExplainCommand.self,
                    SandboxCommand.self, SchemaCommand.self, CompletionsCommand.self,
                ]),
        ]
    )
}
