import Testing

/// Promises that hold whatever happens.
@Suite struct ManyProcessesTests {
    @Test(arguments: 1...30 as ClosedRange<UInt64>) func everyOccurrenceIsAccountedForOnce(_ seed: UInt64) {
        let world = ManyProcesses(seed: seed)
        world.run(seconds: 900)
        #expect(world.violations.isEmpty, "seed \(seed)")
    }

    /// The faults do happen.
    @Test func faultsHappen() {
        var starts = 0
        let resumptions = (100..<110 as Range<UInt64>).map { seed in
            let world = ManyProcesses(seed: seed)
            world.run(seconds: 600)
            #expect(world.violations.isEmpty, "seed \(seed)")
            starts += world.starts.count
            return world.resumptions
        }
        #expect(resumptions.reduce(0, +) > 0)
        #expect(starts > 1000)
    }
}
