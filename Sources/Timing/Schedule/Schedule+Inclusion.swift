package import JobModel

extension Schedule {
    /// Whether a time is one of its nominal times.
    package func includes(_ time: Timestamp) -> Bool {
        next(after: time - .microseconds(1))?.nominalTime == time
    }
}
