import ArgumentParser
import RunnerKit

/// Options of smoke tests.
struct SmokeOptions: ParsableArguments {
    @Option(
        name: .shortAndLong, help: ArgumentHelp("Only this job; repeatable.", valueName: "name"), completion: .jobNames)
    var job: [String] = []

    @Option(
        help: ArgumentHelp(
            "Only jobs with this tag, or without it: '!name'; repeatable.", valueName: "name"))
    var tag: [String] = []

    @Option(help: ArgumentHelp("Try a failed case again, up to N times.", valueName: "n"))
    var retries = 0

    @Flag(help: "Stop at the first case that fails.")
    var failFast = false

    @Option(help: ArgumentHelp("Write a JUnit report; '-' is stdout.", valueName: "file"), completion: .files)
    var junit: String?

    @Option(help: ArgumentHelp("Write a TAP 14 report; '-' is stdout.", valueName: "file"), completion: .files)
    var tap: String?

    @Option(
        help: ArgumentHelp("Write a JSON report; '-' is as --format json.", valueName: "file"), completion: .files)
    var json: String?

    func validate() throws {
        if !(0...100).contains(retries) {
            throw ValidationError("--retries wants a number from 0 to 100, not \(retries)")
        }
        for tag in tag where tag.isEmpty || tag == "!" { throw ValidationError("--tag wants a tag") }
    }

    /// The settings that these options stand for.
    var settings: SmokeSettings {
        var settings = SmokeSettings()
        settings.junit = junit
        settings.tap = tap
        settings.json = json
        settings.failsFast = failFast
        settings.retries = retries
        settings.tags = tag
        settings.jobs = job
        return settings
    }
}
