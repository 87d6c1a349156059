import ArgumentParser
import RunnerKit

/// Options of smoke tests.
struct SmokeOptions: ParsableArguments {
    @Option(name: .shortAndLong, help: ArgumentHelp("Test this job; may be repeated.", valueName: "name"))
    var job: [String] = []

    @Option(
        help: ArgumentHelp(
            "Test jobs with this tag; may be repeated. '!name' leaves jobs with it out.", valueName: "name"))
    var tag: [String] = []

    @Option(help: ArgumentHelp("Try a failed case again, so often at most.", valueName: "n"))
    var retries = 0

    @Flag(help: "Stop at the first case that fails.")
    var failFast = false

    @Option(help: ArgumentHelp("Write a JUnit report; '-' is stdout.", valueName: "file"))
    var junit: String?

    @Option(help: ArgumentHelp("Write a TAP 14 report; '-' is stdout.", valueName: "file"))
    var tap: String?

    @Option(help: ArgumentHelp("Write a JSON report; '-' is stdout, as --format json.", valueName: "file"))
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
