import JobModel

/// An invocation that backs off, ordered by the time at which that ends and then by age.
struct Wait: Comparable {
    var due: MonotonicInstant
    var order: UInt64
    var id: UInt64

    static func < (left: Wait, right: Wait) -> Bool {
        (left.due, left.order) < (right.due, right.order)
    }
}
