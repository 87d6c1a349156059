import JobModel

/// Takes the ends of a gateway's own requests.
final class ControlRelay: HTTPReceiver {
    /// The ids of control requests: of each kind one is in flight at most.
    enum Request: UInt64 {
        case lookUpGateway = 1
        case lookUpSentinel, token
    }

    private let deliver: @Sendable (Request, HTTPEnd) -> Void

    init(deliver: @escaping @Sendable (Request, HTTPEnd) -> Void) {
        self.deliver = deliver
    }

    func received(_ ends: [HTTPEnd]) {
        for end in ends {
            guard let request = Request(rawValue: end.id) else { continue }
            deliver(request, end)
        }
    }
}
