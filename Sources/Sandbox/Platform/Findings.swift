import JobModel

/// What the checks of one request found.
struct Findings {
    /// How the platform answers what it does not accept.
    struct Refusal {
        var status: Int
        var rule: Deviation.Rule
        var message: String

        /// Whether it is told before anybody looks at the token.
        var precedesAuthorization: Bool { rank < 2 }

        fileprivate var rank: Int {
            switch (status, rule) {
            case (405, _): 0
            case (_, .path): 1
            case (401, _): 2
            case (413, _): 3
            default: 4
            }
        }
    }

    private(set) var list: [(rule: Deviation.Rule, message: String)] = []
    /// The refusal that goes first: 405, then a wrong path, then 401, then 413, then 400.
    private(set) var refusal: Refusal?

    /// Notes a deviation that the platform tolerates.
    mutating func note(_ rule: Deviation.Rule, _ message: String) {
        list.append((rule, message))
    }

    /// Notes a deviation that the platform does not accept.
    mutating func refuse(_ status: Int, _ rule: Deviation.Rule, _ message: String) {
        list.append((rule, message))
        let new = Refusal(status: status, rule: rule, message: message)
        if refusal.map({ new.rank < $0.rank }) ?? true { refusal = new }
    }
}
