internal import JobFile
internal import Timing
internal import YAMLText

/// Reads job files for a command: with its environment, its overrides, and its way of telling problems.
struct JobFiles {
    let common: CommonSettings
    let console: Console
    let zones: TimeZoneDatabase
    /// Nothing will be sent to the account: it may be absent, its variables unset.
    let lenientAccount: Bool
    /// The command line gives the format of inputs.
    var formatIsGiven = false

    /// A file that is right; warnings are told on stderr.
    ///
    /// - Throws: ``CommandFailure`` with status 2 and every problem, rendered.
    func load(_ path: String) throws(CommandFailure) -> JobFileDocument {
        let result = try read(path)
        let sources = result.source.map { [$0] } ?? []
        guard let document = result.document else {
            throw CommandFailure(.invalid, result.diagnostics, sources: sources, by: console.renderer)
        }
        console.warn(result.diagnostics, sources: sources)
        return document
    }

    /// A file with all that is to be said of it.
    ///
    /// - Throws: ``CommandFailure`` with status 2 if the environment's file cannot be read.
    func read(_ path: String) throws(CommandFailure) -> JobFileResult {
        var options = JobFileOptions(
            environment: try EnvironmentFile.merged(with: common.environmentFile, besides: path),
            lenientAccount: lenientAccount, overrides: common.overrides, zones: zones)
        options.formatIsGiven = formatIsGiven
        options.ignoresAccount = common.usesSandbox
        return JobFileLoader.load(path: path, options: options)
    }
}
