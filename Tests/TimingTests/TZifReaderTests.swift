import JobModel
import TestSupport
import Testing

@testable import Timing

@Suite struct TZifReaderTests {
    /// 2026-03-29T01:00:00Z, when Berlin's clocks go forward.
    static let spring: Int64 = 1_774_746_000

    @Test func readsBothBlocksOfVersion2() throws {
        let rules = try TZifReader.rules(
            of: "X", from: TZifBuilder(times: [-9_000_000_000, Self.spring], indices: [0, 1]).bytes)
        #expect(rules.times == [-9_000_000_000, Self.spring], "the 64-bit block is the one that counts")
        #expect(rules.localTimeType(at: Timestamp(seconds: Self.spring - 1)).abbreviation == "CET")
        #expect(rules.localTimeType(at: Timestamp(seconds: Self.spring)).abbreviation == "CEST")
        #expect(rules.localTimeType(at: Timestamp(seconds: Self.spring + 300 * 86_400)).abbreviation == "CET")
    }

    @Test func version1HasNoFooter() throws {
        let rules = try TZifReader.rules(
            of: "X", from: TZifBuilder(version: "\0", times: [Self.spring], indices: [1]).bytes)
        #expect(rules.footer == nil)
        #expect(rules.localTimeType(at: Timestamp(seconds: 4_000_000_000)).secondsEast == 7200)
        #expect(rules.transition(after: Timestamp(seconds: Self.spring)) == nil)
    }

    @Test func footerHoldsFromTheStartWithoutListedChanges() throws {
        let rules = try TZifReader.rules(of: "X", from: TZifBuilder().bytes)
        #expect(rules.localTimeType(at: Timestamp(seconds: Self.spring)).secondsEast == 7200)
        #expect(rules.transition(atOrBefore: Timestamp(seconds: Self.spring))?.at.seconds == Self.spring)
    }

    @Test func emptyFooterLeavesTheLastTypeInForce() throws {
        let rules = try TZifReader.rules(
            of: "X", from: TZifBuilder(times: [0], indices: [1], footer: "").bytes)
        #expect(rules.localTimeType(at: Timestamp(seconds: 9_000_000_000)).abbreviation == "CEST")
    }

    @Test func timesBeyondTimestampsAreMovedToTheirEnds() throws {
        let rules = try TZifReader.rules(
            of: "X", from: TZifBuilder(times: [.min, .min + 1, 0, .max], indices: [0, 1, 0, 1]).bytes)
        #expect(rules.localTimeType(at: Timestamp(microseconds: .min)).abbreviation == "CET")
        #expect(rules.localTimeType(at: Timestamp(seconds: -1)).abbreviation == "CEST")
        #expect(rules.localTimeType(at: Timestamp(seconds: 1)).abbreviation == "CET")
        #expect(rules.transition(after: Timestamp(seconds: 1)) == nil)
        #expect(rules.transitions(in: Timestamp(microseconds: .min)..<Timestamp(microseconds: .max)).count == 1)
    }

    static let damages: [(String, TZifBuilder, TimeZoneError.Code)] = [
        ("no types", TZifBuilder(types: [], names: "CET\0"), .malformed),
        ("no names", TZifBuilder(names: ""), .malformed),
        ("name without end", TZifBuilder(names: "CET\0CEST"), .malformed),
        ("name out of range", TZifBuilder(types: [(0, 0, 9)]), .malformed),
        ("offset out of range", TZifBuilder(types: [(93_600, 0, 0)]), .malformed),
        ("offset out of range", TZifBuilder(types: [(-90_000, 0, 0)]), .malformed),
        ("daylight flag of 2", TZifBuilder(types: [(0, 2, 0)]), .malformed),
        ("type out of range", TZifBuilder(times: [0], indices: [2]), .malformed),
        ("equal times", TZifBuilder(times: [5, 5], indices: [0, 1]), .malformed),
        ("descending times", TZifBuilder(times: [5, 4], indices: [0, 1]), .malformed),
        ("no footer", TZifBuilder(footer: nil), .malformed),
        ("footer of garbage", TZifBuilder(footer: "CET-1CEST,M13.5.0,M10.5.0"), .malformed),
        ("leap seconds", TZifBuilder(leapSeconds: 27), .leapSeconds),
    ]

    @Test(arguments: damages) func damageIsNamed(_ what: String, _ file: TZifBuilder, _ code: TimeZoneError.Code) {
        let error = #expect(throws: TimeZoneError.self) { try TZifReader.rules(of: "Some/Zone", from: file.bytes) }
        #expect(error?.code == code, "\(what)")
        #expect(error?.message.contains("Some/Zone") == true)
    }

    @Test func everyTruncationIsAnError() {
        let whole = TZifBuilder(times: [0, Self.spring], indices: [1, 0]).bytes
        for length in 0..<whole.count {
            #expect(throws: TimeZoneError.self) { try TZifReader.rules(of: "X", from: Array(whole[..<length])) }
        }
    }

    @Test func hugeCountsAreNoCrash() {
        var bytes = TZifBuilder().bytes
        for position in 20..<44 { bytes[position] = 0xFF }
        #expect(throws: TimeZoneError.self) { try TZifReader.rules(of: "X", from: bytes) }
    }

    @Test func damagedBytesNeverCrash() {
        var random = SeededGenerator(seed: 7)
        let whole = TZifBuilder(times: [-5_000_000_000, 0, Self.spring], indices: [1, 0, 1]).bytes
        var read = 0
        for _ in 0..<4000 {
            var bytes = whole
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            guard let rules = try? TZifReader.rules(of: "X", from: bytes) else { continue }
            read += 1
            for seconds in [Int64.min / 1_000_000, 0, Self.spring, Int64.max / 1_000_000] {
                let time = Timestamp(seconds: seconds)
                if let next = rules.transition(after: time) { #expect(next.at > time) }
                if let last = rules.transition(atOrBefore: time) { #expect(last.at <= time) }
                let civil = rules.civil(at: Timestamp(seconds: seconds / 2))
                #expect(rules.instants(forCivil: civil).all.contains(Timestamp(seconds: seconds / 2)))
            }
        }
        #expect(read > 100, "some damage is harmless")
    }
}
