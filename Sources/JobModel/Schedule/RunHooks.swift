/// URLs that are told how a job's runs end; whoever knows one may tell it anything.
package struct RunHooks: Sendable, Hashable {
    /// POSTed when a run failed, was stopped, or crashed.
    package var onFailure: Secret?
    /// POSTed when a run succeeded.
    package var onSuccess: Secret?
    /// Requested when a run succeeded: a dead man's switch, which raises an alarm elsewhere when nothing comes.
    package var ping: Secret?

    package init() {}

    package var isEmpty: Bool { onFailure == nil && onSuccess == nil && ping == nil }
}
