package import JobModel

/// What a sandbox saw since its start or its last reset.
package struct SandboxStatistics: Sendable, Equatable {
    /// What was seen of one function, or of one event.
    package struct Target: Sendable, Equatable {
        package var name: String?
        /// Requests that addressed it.
        package var received = 0
        /// How often it ran, or may have run for all that its caller can know.
        package var executed = 0
        /// The most requests in work at one time.
        package var maxInFlight = 0
        /// The most requests in any second.
        package var peakPerSecond = 0

        package init() {}
    }

    package var platform: Platform = .v1
    package var connectionsAccepted = 0
    package var connectionsOpen = 0
    /// Requests by endpoint; ``Endpoint/allCases`` all present.
    package var requests: [Endpoint: Int] = [:]
    /// Answers by status.
    package var statuses: [Int: Int] = [:]
    /// Requests that were not answered, or not properly, by the fate that a script gave them.
    package var faults: [String: Int] = [:]

    package var tokensIssued = 0
    package var tokensRevoked = 0
    /// Token requests with wrong credentials.
    package var credentialsRejected = 0
    /// Requests to the gateway that were answered 401.
    package var unauthorized = 0

    /// How often functions ran, or may have run for all that their callers can know.
    package var executed = 0
    package var inFlight = 0
    package var maxInFlight = 0
    /// The most requests to the gateway in any second.
    package var peakPerSecond = 0
    /// As far as the memory reaches; see ``SandboxScript/MemoryLimits``.
    package var distinctRequestIDs = 0
    /// Request ids under which a function ran more than once.
    package var duplicateRequestIDs = 0
    /// Nil unless payloads are remembered.
    package var payloads: Payloads?
    /// By UUID, or by event id.
    package var targets: [String: Target] = [:]

    package var deviationCount = 0
    package var deviationsByRule: [Deviation.Rule: Int] = [:]
    /// The first 1,000.
    package var deviations: [Deviation] = []

    /// What was executed, told apart by payload.
    package struct Payloads: Sendable, Equatable {
        package var distinct = 0
        /// Executed more than once.
        package var repeated = 0
        /// Executions that did not fit into the memory.
        package var forgotten = 0

        package init(distinct: Int = 0, repeated: Int = 0, forgotten: Int = 0) {
            self.distinct = distinct
            self.repeated = repeated
            self.forgotten = forgotten
        }
    }

    package init() {}

    /// Requests to the gateway.
    package var invocations: Int { (requests[.invoke] ?? 0) + (requests[.event] ?? 0) }
}
