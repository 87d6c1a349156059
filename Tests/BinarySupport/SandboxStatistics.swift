/// What `fnrun sandbox` tells at `/__stats`, as far as tests ask for it.
package struct SandboxStatistics: Decodable, Sendable {
    package struct Tokens: Decodable, Sendable {
        package var requested: Int
        package var issued: Int
        package var credentialsRejected: Int
    }

    package struct Invocations: Decodable, Sendable {
        package var received: Int
        package var executed: Int
        package var inFlight: Int
        package var maxInFlight: Int
        package var peakPerSecond: Int
        package var distinctRequestIds: Int
        package var duplicateRequestIds: Int
    }

    package struct Deviation: Decodable, Sendable {
        package var rule: String
        package var message: String
    }

    package struct Payloads: Decodable, Sendable {
        package var distinct: Int
        package var repeated: Int
    }

    package var requests: [String: Int]
    package var statuses: [String: Int]
    package var tokens: Tokens
    package var unauthorized: Int
    package var invocations: Invocations
    package var payloads: Payloads?
    package var deviationCount: Int
    package var deviations: [Deviation]
}
