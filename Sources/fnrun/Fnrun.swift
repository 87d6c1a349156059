import ArgumentParser
import RunnerKit

struct Fnrun: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fnrun",
        abstract: "Run jobs that invoke LivePerson Functions: on a schedule, or once per row of a file.",
        discussion: """
            Try it without an account:
              fnrun init demo
              fnrun run demo/job.yaml --sandbox

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
            """,
        version: Version.current,
        subcommands: [
            RunCommand.self, ReplayCommand.self, SmokeCommand.self, ScheduleCommand.self, TickCommand.self,
            PlanCommand.self,
            HistoryCommand.self, WhyCommand.self, SimulateCommand.self, InvokeCommand.self, ValidateCommand.self,
            ReportCommand.self, SandboxCommand.self, InitCommand.self, ExplainCommand.self, SchemaCommand.self,
            DoctorCommand.self,
        ]
    )
}
