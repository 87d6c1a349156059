/// Waiting for something that another process does and that no event tells of.
package enum Polling {
    package struct TimedOut: Error {
        package var what: String
        package var seconds: Double
    }

    /// Asks again and again until there is an answer.
    ///
    /// - Parameters:
    ///   - what: what is waited for; stands in the error.
    ///   - seconds: how long at most; generous, since a loaded machine is slow.
    ///   - interval: how long between two questions.
    /// - Throws: ``TimedOut``, or what `probe` throws.
    package static func value<Value>(
        of what: String, within seconds: Double = 30, every interval: Duration = .milliseconds(5),
        probe: () throws -> Value?
    ) async throws -> Value {
        let clock = ContinuousClock()
        let deadline = clock.now.advanced(by: .seconds(seconds))
        while clock.now < deadline {
            if let value = try probe() { return value }
            try await Task.sleep(for: interval)
        }
        throw TimedOut(what: what, seconds: seconds)
    }

    /// Asks again and again until the answer is yes.
    package static func until(
        _ what: String, within seconds: Double = 30, every interval: Duration = .milliseconds(5),
        probe: () throws -> Bool
    ) async throws {
        _ = try await value(of: what, within: seconds, every: interval) { try probe() ? true : nil }
    }
}
