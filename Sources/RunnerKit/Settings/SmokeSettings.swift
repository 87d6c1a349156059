/// What the smoke tests of job files can be told.
package struct SmokeSettings: Sendable {
    /// Reports by their path; `-` is stdout.
    package var junit: String?
    package var tap: String?
    package var json: String?
    /// Stop at the first case that fails.
    package var failsFast = false
    /// How often a failed case is tried again.
    package var retries = 0
    /// Only jobs with one of these; one that begins with `!` excludes. Empty is all.
    package var tags: [String] = []
    /// Only these jobs; empty is all.
    package var jobs: [String] = []

    package init() {}
}
