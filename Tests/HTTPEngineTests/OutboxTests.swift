import JobModel
import Testing

@testable import HTTPEngine

@Suite struct OutboxTests {
    @Test func eachReceiverHasOneBatchInOrder() {
        let (first, second) = (Collector(), Collector())
        var outbox = Outbox()
        for (id, receiver) in [(1, first), (2, second), (3, first), (4, second), (5, second)] {
            outbox.add(
                HTTPEnd(id: UInt64(id), result: .cancelled, startedAt: Timestamp(seconds: 0), latency: .zero),
                to: receiver)
        }
        let batches = outbox.take()
        #expect(batches.map { $0.ends.map(\.id) } == [[1, 3], [2, 4, 5]])
        #expect(batches.map { ObjectIdentifier($0.receiver) } == [ObjectIdentifier(first), ObjectIdentifier(second)])
        #expect(outbox.take().isEmpty)
    }
}
