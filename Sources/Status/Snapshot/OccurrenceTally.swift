package import JobModel

/// How many occurrences ended in each way; the closed set of states and reasons that metrics are labelled with.
package struct OccurrenceTally: Sendable, Hashable {
    /// How an occurrence ended. A run's result counts as its reason.
    package enum End: Sendable, Hashable, CaseIterable {
        case ran(OccurrenceResult)
        case skipped(SkipReason)
        case missed(MissReason)

        package static let allCases: [End] =
            OccurrenceResult.allCases.map(End.ran) + SkipReason.allCases.map(End.skipped)
            + MissReason.allCases.map(End.missed)

        /// `ran`, `skipped` or `missed`.
        package var state: String {
            switch self {
            case .ran: "ran"
            case .skipped: "skipped"
            case .missed: "missed"
            }
        }

        package var reason: String {
            switch self {
            case .ran(let result): result.rawValue
            case .skipped(let reason): reason.rawValue
            case .missed(let reason): reason.rawValue
            }
        }
    }

    private var ranSucceeded = 0
    private var ranFailed = 0
    private var ranCrashed = 0
    private var skippedOverlap = 0
    private var skippedSuspended = 0
    private var skippedCredentials = 0
    private var missedCatchUp = 0
    private var missedWindow = 0

    package init() {}

    package subscript(end: End) -> Int {
        get { self[keyPath: Self.field(end)] }
        set { self[keyPath: Self.field(end)] = newValue }
    }

    /// Adds occurrences that did not run.
    package mutating func add(_ count: Int, _ passedOver: PassedOver) {
        switch passedOver {
        case .skipped(let reason): self[.skipped(reason)] += count
        case .missed(let reason): self[.missed(reason)] += count
        }
    }

    package var ran: Int { ranSucceeded + ranFailed + ranCrashed }
    package var skipped: Int { skippedOverlap + skippedSuspended + skippedCredentials }
    package var missed: Int { missedCatchUp + missedWindow }

    private static func field(_ end: End) -> WritableKeyPath<OccurrenceTally, Int> {
        switch end {
        case .ran(.succeeded): \.ranSucceeded
        case .ran(.failed): \.ranFailed
        case .ran(.crashed): \.ranCrashed
        case .skipped(.overlap): \.skippedOverlap
        case .skipped(.suspended): \.skippedSuspended
        case .skipped(.credentialsRejected): \.skippedCredentials
        case .missed(.catchup): \.missedCatchUp
        case .missed(.window): \.missedWindow
        }
    }
}
