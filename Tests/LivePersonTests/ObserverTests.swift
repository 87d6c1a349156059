import JobModel
import Testing

@testable import LivePerson

@Suite struct ObserverTests {
    private final class Observer: GatewayObserver {
        func gatewayChanged(to state: GatewayState) {}
    }

    @Test func whoIsGoneIsTakenOut() {
        var list = ObserverList()
        var observers = (0..<5).map { _ in Observer() }
        let numbers = observers.map { list.add($0) }
        #expect(numbers == [1, 2, 3, 4, 5])
        observers.removeSubrange(1...2)
        // Behind the first one, who is still there, nobody is looked for.
        #expect(list.removeSomeVanished() == [])
        #expect(list.removeVanished() == [2, 3])
        #expect(numbers.map { list[$0] != nil } == [true, false, false, true, true])
        observers = []
        #expect(list.removeSomeVanished() == [1, 4, 5])
        #expect(list.removeVanished() == [])
    }

    @Test func thoseThatComeAndGoDoNotPileUp() {
        var list = ObserverList()
        let first = Observer()
        _ = list.add(first)
        var gone: Set<UInt64> = []
        for _ in 0..<10_000 {
            let observer = Observer()
            _ = list.add(observer)
            withExtendedLifetime(observer) {}
            gone.formUnion(list.removeSomeVanished())
        }
        #expect(gone.count > 9_900)
        #expect(!gone.contains(1) && list[1] === first)
        #expect(list.add(first) == 10_002)
    }

    @Test func eachIsToldOnceWhereThingsStand() {
        var table = ObserverTable(patience: .seconds(30))
        let now = MonotonicInstant(nanoseconds: 0)
        func told(_ standing: Standing, after seconds: Int = 0) -> [UInt64] {
            table.update(standing, at: now.advanced(by: .seconds(seconds))).map(\.id)
        }
        table.add(1, at: now)
        table.add(2, at: now)
        #expect(told(.ready(tokenGeneration: 1)) == [1, 2])
        table.add(3, at: now)
        #expect(told(.ready(tokenGeneration: 1)) == [3])
        table.remove([1])
        table.add(4, at: now)
        #expect(told(.ready(tokenGeneration: 1)) == [4])
        #expect(told(.refused("r")) == [2, 3, 4])
        #expect(told(.preparing(since: now, reason: nil)) == [2, 3, 4])
        #expect(told(.preparing(since: now, reason: nil), after: 29) == [])
        // By the time alone.
        #expect(told(.preparing(since: now, reason: nil), after: 30) == [2, 3, 4])
        #expect(told(.ready(tokenGeneration: 1), after: 31) == [2, 3, 4])
    }
}
