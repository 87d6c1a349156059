package import JobModel

/// What a run's decisions ask of the world.
package enum RunAction: Sendable {
    /// Read so many further rows; answered by ``RunMachine/batchArrived(_:at:)``.
    case read(limit: Int)
    /// Write a window record; answered by ``RunMachine/windowAnnounced(_:at:)``.
    case announce(PreparedBatch)
    /// Start attempts; each is answered by ``RunMachine/attemptsEnded(_:at:)``.
    case send([Attempt])
    /// Write records; answered by ``RunMachine/resultsRecorded(_:at:)``.
    case record([InvocationResult])
    /// Abort what is in flight; each attempt still ends.
    case cancelInFlight
    /// Write the summary: the run has ended.
    case finish(RunEnd)
}
