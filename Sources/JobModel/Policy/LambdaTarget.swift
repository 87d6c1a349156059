/// What a request invokes: one function by its UUID, or every function that implements an event.
package struct LambdaTarget: Sendable, Hashable {
    package enum Address: Sendable, Hashable {
        /// 8-4-4-4-12 hexadecimal digits.
        case uuid(String)
        /// An event id of at most 60 characters.
        case event(String)
    }

    package var address: Address
    /// Sent as the parameter `skillId`.
    package var skillID: String?
    /// The calling system: the parameter `externalSystem` on V1, the header `LP-EventSource` on V2.
    package var externalSystem: String?

    package init(address: Address, skillID: String? = nil, externalSystem: String? = nil) {
        self.address = address
        self.skillID = skillID
        self.externalSystem = externalSystem
    }
}
