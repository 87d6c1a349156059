internal import JobModel

/// A run under way, as the rest of the program sees it. From any thread.
package struct RunHandle: Sendable {
    private let driver: RunDriver

    init(_ driver: RunDriver) {
        self.driver = driver
    }

    /// Starts nothing new, ends what waits, and lets what is in flight end.
    ///
    /// - Parameter drain: what is still in flight after so long is aborted.
    package func stop(drainFor drain: Duration) {
        driver.post(.stop(drain: drain))
    }

    /// Ends the run now: what is in flight is aborted, and is `unknown` if it had left.
    package func abort() {
        driver.post(.abort)
    }

    /// How far the run has come, as of the last decision.
    package var progress: RunProgress {
        driver.progress
    }
}
