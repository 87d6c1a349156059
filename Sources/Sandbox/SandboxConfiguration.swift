package import JobModel

/// How a sandbox is set up; what it does is the business of its ``SandboxScript``.
package struct SandboxConfiguration: Sendable {
    /// The port on 127.0.0.1; 0 takes any free one.
    package var port: Int
    /// Event loops, at least 1. One is enough for more than 20,000 requests a second.
    package var threads: Int
    package var script: SandboxScript
    /// Bytes of a request's body; a longer one is answered 413.
    package var maximumBody: Int
    package var time: any TimeSource
    /// Where the signatures of tokens come from.
    package var random: any RandomNumberGenerator & Sendable

    package init(
        port: Int = 0, threads: Int = 1, script: SandboxScript = SandboxScript(), maximumBody: Int = 64 << 20,
        time: any TimeSource, random: any RandomNumberGenerator & Sendable = SystemRandomNumberGenerator()
    ) {
        self.port = port
        self.threads = threads
        self.script = script
        self.maximumBody = maximumBody
        self.time = time
        self.random = random
    }
}
