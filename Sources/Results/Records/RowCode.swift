import JobModel

/// An outcome and an error class in six bits; 0 is no record.
struct RowCode: Sendable, Hashable {
    /// 1 to 56.
    let value: UInt8

    /// `allCases` makes an array each time.
    private static let errorClasses = ErrorClass.allCases
    private static let classes: UInt8 = 14

    init(_ outcome: Outcome, _ errorClass: ErrorClass?) {
        let errorClass = errorClass.map { UInt8($0.position) + 1 } ?? 0
        value = 1 + UInt8(outcome.position) * Self.classes + errorClass
    }

    /// - Parameter value: of another code.
    init(value: UInt8) {
        self.value = value
    }

    @inline(__always)
    var outcome: Outcome {
        switch (value &- 1) / Self.classes {
        case 0: .succeeded
        case 1: .failed
        case 2: .unknown
        default: .cancelled
        }
    }

    var errorClass: ErrorClass? {
        let position = (value &- 1) % Self.classes
        return position == 0 ? nil : Self.errorClasses[Int(position) - 1]
    }
}

extension Outcome {
    /// The position among `allCases`, without a search.
    var position: Int {
        switch self {
        case .succeeded: 0
        case .failed: 1
        case .unknown: 2
        case .cancelled: 3
        }
    }
}
