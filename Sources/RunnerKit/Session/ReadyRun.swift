internal import JobFile
internal import JobModel
internal import Results

/// A job that is prepared and whose output is open.
struct ReadyRun: Sendable {
    let preparation: JobPreparation
    let file: ResultFile

    /// The recorder of the run, with what earlier runs of a changed input have left.
    ///
    /// - Throws: ``CommandFailure`` with status 2 if the input cannot be read.
    func recorder(syncedBy schedule: SyncSchedule) throws(CommandFailure) -> DurableRecorder {
        let history = preparation.history
        let recorder = DurableRecorder(
            file: file, run: preparation.description, policy: preparation.job.record, version: Version.current,
            carried: preparation.carriedTally,
            replacedFailure: { @Sendable index in history?.failureClass(of: index) }, schedule: schedule)
        do throws(CommandFailure) {
            try preparation.carryOver(to: recorder)
        } catch {
            file.close()
            throw error
        }
        return recorder
    }
}
