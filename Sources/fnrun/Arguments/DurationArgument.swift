import ArgumentParser
import JobModel

/// A duration on the command line, such as `30s` or `1h30m`.
struct DurationArgument: ExpressibleByArgument {
    var duration: Duration

    init?(argument: String) {
        guard let duration = Duration(durationText: argument) else { return nil }
        self.duration = duration
    }

    init(_ duration: Duration) {
        self.duration = duration
    }

    var defaultValueDescription: String { duration.durationText }
}
