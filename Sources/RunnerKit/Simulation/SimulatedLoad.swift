internal import JobModel
internal import Scheduling

/// What the runs of a simulation send.
struct SimulatedLoad: Sendable {
    struct Lambda: Sendable {
        var name: String
        var requests = HourlyRequests()
    }

    /// A token is taken to live so long, as LivePerson's do; it is renewed at 80 % of that.
    static let tokenLifetime = Duration.seconds(3600)

    /// In the order in which jobs name them.
    private(set) var lambdas: [Lambda] = []
    private var places: [String: Int] = [:]

    mutating func add(_ model: RunModel, to lambda: String, from start: Timestamp) {
        let place = places[lambda] ?? lambdas.count
        if place == lambdas.count {
            places[lambda] = place
            lambdas.append(Lambda(name: lambda))
        }
        lambdas[place].requests.add(model.rows, from: start, for: model.duration)
    }

    /// How often the tokens of some accounts are renewed while a daemon runs: in the background, used or not.
    static func tokenRenewals(in span: Duration, accounts: Int) -> Int {
        accounts * Int(span / (tokenLifetime * 0.8))
    }
}
