import ArgumentParser
import JobModel

/// A point in time on the command line, RFC 3339.
struct TimeArgument: ExpressibleByArgument {
    var time: Timestamp

    init?(argument: String) {
        guard let time = Timestamp(rfc3339: argument) else { return nil }
        self.time = time
    }
}
