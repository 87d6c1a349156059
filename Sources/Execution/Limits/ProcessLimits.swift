/// What all runs of the process share: the cap on attempts in flight, and randomness.
package final class ProcessLimits {
    /// Attempts in flight of the whole process, at most.
    package let maximum: Int
    /// Attempts in flight, those included whose records are not yet written.
    package private(set) var inFlight = 0
    var random: any RandomNumberGenerator

    package init(maximum: Int, random: any RandomNumberGenerator) {
        self.maximum = Swift.max(1, maximum)
        self.random = random
    }

    var hasRoom: Bool { inFlight < maximum }

    func acquire() {
        inFlight += 1
    }

    func release(_ permits: Int) {
        inFlight -= permits
    }
}
