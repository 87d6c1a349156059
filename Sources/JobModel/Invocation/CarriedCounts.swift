/// What the earlier runs of a result file leave to the run that goes on with it.
package struct CarriedCounts: Sendable, Hashable {
    /// Rows that stay as they were recorded; `attempts` are those of all earlier records.
    package var settled = RunCounts()
    /// Rows that have a record and are to be ended anew: counted as they were until this run has read them.
    package var reopening = RunCounts()

    package init() {}
}
