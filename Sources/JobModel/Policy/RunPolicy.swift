/// The settings of one run that decide when attempts start, repeat and stop.
package struct RunPolicy: Sendable, Hashable {
    /// Of one attempt, connecting included.
    package var timeout: Duration = .seconds(35)
    /// Of an attempt's connection, TLS included.
    package var connectTimeout: Duration = .seconds(10)
    /// Of the whole run; what has not started by then is cancelled.
    package var deadline: Duration?
    /// Attempts in flight of this run.
    package var concurrency = 8
    /// Attempts started per time by this run.
    package var rate: Rate?
    /// Halve what may be in flight on 429 and 503, then grow back.
    package var adaptive = true
    package var retry = RetryPolicy()
    /// May be repeated when nobody knows whether it ran.
    package var idempotent = false
    package var tolerate: Tolerance?
    /// Holds across all runs of the process that invoke the same lambda.
    package var lambdaConcurrency: Int?
    /// Holds across all runs of the process that invoke the same lambda.
    package var lambdaRate: Rate?

    package init() {}

    /// How many invocations of a run may be open: in flight or waiting for a retry.
    package var maximumOpen: Int {
        Swift.max(1000, 4 * concurrency)
    }
}
