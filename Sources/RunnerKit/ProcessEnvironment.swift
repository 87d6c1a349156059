internal import FoundationEssentials

/// The environment variables that the process was started with.
enum ProcessEnvironment {
    static var current: [String: String] { ProcessInfo.processInfo.environment }
}
