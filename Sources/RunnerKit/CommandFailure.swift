/// Why a command ended before, or instead of, doing its work.
package struct CommandFailure: Error, Sendable {
    package var status: ExitStatus
    /// What is wrong, where, and what to do; may have several lines. Never holds a secret.
    package var message: String

    package init(_ status: ExitStatus, _ message: String) {
        self.status = status
        self.message = message
    }
}
