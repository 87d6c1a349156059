import JobModel

/// Who watches a gateway, held weakly: an observer is gone when nobody else holds it.
///
/// Runs come and go by the thousand, so that to look through all of them for each new one would not do.
struct ObserverList {
    private struct WeakObserver {
        weak var object: (any GatewayObserver)?
    }

    private static let smallestLimit = 64

    private var observers: [UInt64: WeakObserver] = [:]
    private var last: UInt64 = 0
    /// No observer has a smaller number.
    private var oldest: UInt64 = 1
    /// How many there may be before all of them are looked at.
    private var limit = smallestLimit

    /// - Returns: the observer's number; later ones have larger numbers.
    mutating func add(_ observer: any GatewayObserver) -> UInt64 {
        last += 1
        observers[last] = WeakObserver(object: observer)
        return last
    }

    subscript(number: UInt64) -> (any GatewayObserver)? { observers[number]?.object }

    /// Takes out those that are gone, and says who they were.
    mutating func removeVanished() -> Set<UInt64> {
        let vanished = Set(observers.lazy.filter { $0.value.object == nil }.map(\.key))
        for number in vanished { observers[number] = nil }
        limit = 2 * observers.count + Self.smallestLimit
        return vanished
    }

    /// The same for some of those that are gone, in time that does not depend on how many there are; if all are gone,
    /// for all.
    mutating func removeSomeVanished() -> Set<UInt64> {
        guard observers.count <= limit else { return removeVanished() }
        var vanished: Set<UInt64> = []
        while oldest <= last, observers[oldest]?.object == nil {
            if observers.removeValue(forKey: oldest) != nil { vanished.insert(oldest) }
            oldest += 1
        }
        return vanished
    }
}
