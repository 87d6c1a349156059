import Reactor
import Synchronization
import Testing

@Suite struct ConcurrentMapTests {
    @Test(arguments: [1, 2, 7])
    func keepsTheOrder(width: Int) {
        let numbers = Array(0..<500)
        #expect(numbers.concurrentMap(width: width) { -$0 } == numbers.map { -$0 })
    }

    @Test func ofNothingIsNothing() {
        #expect([Int]().concurrentMap(width: 4) { $0 } == [])
    }

    @Test func neverDoesMoreAtATimeThanItMay() {
        let state = Mutex((now: 0, most: 0))
        _ = Array(0..<200).concurrentMap(width: 2) { _ in
            state.withLock { state in
                state.now += 1
                state.most = max(state.most, state.now)
            }
            for _ in 0..<1000 { _ = state.withLock(\.now) }
            state.withLock { $0.now -= 1 }
        }
        #expect((1...2).contains(state.withLock(\.most)))
        #expect(state.withLock(\.now) == 0)
    }
}
