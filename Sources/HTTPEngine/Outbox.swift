import JobModel

/// Ends of requests on their way to their receivers, in one batch for each.
struct Outbox {
    private var batches: [(receiver: any HTTPReceiver, ends: [HTTPEnd])] = []

    mutating func add(_ end: HTTPEnd, to receiver: any HTTPReceiver) {
        // A process has few receivers at a time, and ends of one mostly come in a row.
        for index in batches.indices.reversed() where batches[index].receiver === receiver {
            batches[index].ends.append(end)
            return
        }
        batches.append((receiver, [end]))
    }

    /// Everything, to be delivered; nothing is left.
    mutating func take() -> [(receiver: any HTTPReceiver, ends: [HTTPEnd])] {
        guard !batches.isEmpty else { return [] }
        defer { batches = [] }
        return batches
    }
}
