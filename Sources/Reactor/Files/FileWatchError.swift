/// Why files cannot be watched.
package struct FileWatchError: Error, Sendable, Hashable, CustomStringConvertible {
    /// One line: what failed, and what to do.
    package var message: String

    init(_ message: String) {
        self.message = message
    }

    package var description: String { message }
}
