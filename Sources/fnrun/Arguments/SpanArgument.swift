import ArgumentParser
import JobModel

/// A long duration on the command line: as other durations, or whole years of 365 days such as `1y`.
struct SpanArgument: ExpressibleByArgument {
    var duration: Duration

    init?(argument: String) {
        if let duration = Duration(durationText: argument) {
            self.duration = duration
        } else if argument.hasSuffix("y"), let years = Int(argument.dropLast()), (1...100).contains(years) {
            duration = .seconds(years * 365 * 86_400)
        } else {
            return nil
        }
    }
}
