/// What the commands that start scheduled runs can be told.
package struct ScheduleSettings: Sendable {
    /// `--state`; nil is `.fnrun` beside the first file or in the first folder.
    package var state: String?
    /// How long the ledger remembers what became of occurrences.
    package var keep: Duration = .seconds(90 * 86_400)
    /// `--since`: how far a tick looks back for jobs that the ledger does not know.
    package var since: Duration = .zero
    /// `--listen HOST:PORT`.
    package var listen: String?
    /// Of each run.
    package var run = RunSettings()

    package init() {}
}
