import JobModel
import TestSupport
import Testing

@Suite struct UUIDTextTests {
    @Test func version7BeginsWithTheTimeAndSorts() {
        var random = SeededGenerator(seed: 1)
        let first = UUIDText.version7(at: Timestamp(microseconds: 0x0123_4567_89AB * 1000), using: &random)
        let second = UUIDText.version7(at: Timestamp(microseconds: 0x0123_4567_89AC * 1000), using: &random)
        #expect(first.hasPrefix("01234567-89ab-7"))
        #expect(first < second)
        #expect(UUIDText.isValid(first))
        #expect("89ab".contains(first.dropFirst(19).prefix(1)))
    }

    @Test func version4IsRandomAndMarked() {
        var random = SeededGenerator(seed: 2)
        let all = (0..<1000).map { _ in UUIDText.version4(using: &random) }
        #expect(Set(all).count == 1000)
        #expect(all.allSatisfy { UUIDText.isValid($0) && $0.dropFirst(14).first == "4" })
    }

    @Test func digitsStandInOrder() {
        struct Fixed: RandomNumberGenerator {
            var numbers: [UInt64]
            mutating func next() -> UInt64 { numbers.removeFirst() }
        }
        var random = Fixed(numbers: [0x0123_4567_89AB_CDEF, 0xFEDC_BA98_7654_3210, 0, 0, .max, .max])
        let all = (0..<3).map { _ in UUIDText.version4(using: &random) }
        #expect(
            all == [
                "01234567-89ab-4def-bedc-ba9876543210", "00000000-0000-4000-8000-000000000000",
                "ffffffff-ffff-4fff-bfff-ffffffffffff",
            ])
    }

    @Test(arguments: [
        "", "6f91f192-c1df-40e0-94f9-8765fd70fd0", "6f91f192xc1df-40e0-94f9-8765fd70fd02",
        "6f91f192-c1df-40e0-94f9-8765fd70fg02",
    ])
    func refusesOtherText(text: String) {
        #expect(!UUIDText.isValid(text))
    }
}
