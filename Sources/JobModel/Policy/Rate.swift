/// Attempts started per time, such as `50/s`.
package struct Rate: Sendable, Hashable {
    /// Attempts per ``interval``; more than zero.
    package var count: Double
    /// One second, minute or hour.
    package var interval: Duration

    package init(count: Double, per interval: Duration) {
        self.count = count
        self.interval = interval
    }

    package var perSecond: Double {
        count / (interval.milliseconds / 1000)
    }
}
