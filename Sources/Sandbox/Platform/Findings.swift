import JobModel

/// What the checks of one request found.
struct Findings {
    /// How the platform answers what it does not accept.
    struct Refusal {
        var status: Int
        var message: String
    }

    private(set) var list: [(rule: Deviation.Rule, message: String)] = []
    /// The refusal that goes first: 405, then 401, then 413, then 400.
    private(set) var refusal: Refusal?

    /// Notes a deviation that the platform tolerates.
    mutating func note(_ rule: Deviation.Rule, _ message: String) {
        list.append((rule, message))
    }

    /// Notes a deviation that the platform does not accept.
    mutating func refuse(_ status: Int, _ rule: Deviation.Rule, _ message: String) {
        list.append((rule, message))
        if refusal.map({ Self.rank(status) < Self.rank($0.status) }) ?? true {
            refusal = Refusal(status: status, message: message)
        }
    }

    private static func rank(_ status: Int) -> Int {
        switch status {
        case 405: 0
        case 401: 1
        case 413: 2
        default: 3
        }
    }
}
