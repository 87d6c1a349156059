import JobModel

/// The invocations of a run that have started and not ended, in slots that are used again.
///
/// An attempt's id is its slot's index and generation: finding it takes no search, and late or doubled reports fall
/// through.
struct InvocationTable {
    var slots: ContiguousArray<InvocationSlot> = []
    private var unused: [Int] = []

    /// Invocations in the table.
    var count: Int { slots.count - unused.count }

    mutating func insert(_ row: PreparedRow) -> Int {
        if let index = unused.popLast() {
            slots[index].row = row
            return index
        }
        slots.append(InvocationSlot(row: row))
        return slots.count - 1
    }

    /// Takes an invocation out; its id is not found any more.
    mutating func remove(_ index: Int) -> InvocationSlot {
        var slot = InvocationSlot(generation: slots[index].generation &+ 1)
        swap(&slot, &slots[index])
        unused.append(index)
        return slot
    }

    /// Notes the start of an attempt; nil if the invocation's row is no request.
    mutating func start(_ index: Int, at now: MonotonicInstant) -> (id: UInt64, request: RenderedRequest)? {
        guard case .request(let request) = slots[index].row?.content else { return nil }
        slots[index].attemptStarts(at: now)
        return (id(of: index), request)
    }

    func id(of index: Int) -> UInt64 {
        UInt64(slots[index].generation) << 32 | UInt64(index)
    }

    /// The index of an invocation in a given state, nil if there is none.
    func find(_ id: UInt64, _ state: InvocationSlot.State) -> Int? {
        let index = Int(id & 0xFFFF_FFFF)
        guard index < slots.count, slots[index].generation == UInt32(id >> 32), slots[index].state == state else {
            return nil
        }
        return index
    }
}
