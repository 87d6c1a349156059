import ArgumentParser
import JobModel

/// A rate on the command line, such as `50/s`.
struct RateArgument: ExpressibleByArgument {
    var rate: Rate

    init?(argument: String) {
        guard let rate = Rate(rateText: argument) else { return nil }
        self.rate = rate
    }
}
