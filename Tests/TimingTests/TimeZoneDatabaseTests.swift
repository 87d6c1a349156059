import Glibc
import JobModel
import TestSupport
import Testing

@testable import Timing

/// The system's own tz database.
@Suite
struct SystemTimeZoneTests {
    static let database = TimeZoneDatabase(directory: TimeZoneDatabase.systemDirectory(tzdir: nil))

    struct Offset: Sendable, CustomTestStringConvertible {
        var zone: String
        var time: String
        var secondsEast: Int
        var name: String
        var testDescription: String { "\(zone) at \(time)" }

        init(_ zone: String, _ time: String, _ secondsEast: Int, _ name: String) {
            (self.zone, self.time, self.secondsEast, self.name) = (zone, time, secondsEast, name)
        }
    }

    @Test(arguments: [
        Offset("UTC", "2026-07-01T00:00:00Z", 0, "UTC"),
        Offset("Europe/Berlin", "2026-03-29T00:59:59.999999Z", 3600, "CET"),
        Offset("Europe/Berlin", "2026-03-29T01:00:00Z", 7200, "CEST"),
        Offset("Europe/Berlin", "2026-10-25T00:59:59Z", 7200, "CEST"),
        Offset("Europe/Berlin", "2026-10-25T01:00:00Z", 3600, "CET"),
        Offset("Europe/Berlin", "2526-07-01T00:00:00Z", 7200, "CEST"),
        Offset("Asia/Kathmandu", "2026-01-01T00:00:00Z", 20_700, "+0545"),
        Offset("Pacific/Apia", "2011-12-30T09:59:59Z", -36_000, "-10"),
        Offset("Pacific/Apia", "2011-12-30T10:00:00Z", 50_400, "+14"),
        // Ramadan of 2025: Morocco's clocks go back for a month, in winter time of negative saving.
        Offset("Africa/Casablanca", "2025-02-01T00:00:00Z", 3600, "+01"),
        Offset("Africa/Casablanca", "2025-03-15T00:00:00Z", 0, "+00"),
        Offset("Africa/Casablanca", "2025-05-01T00:00:00Z", 3600, "+01"),
        // Two hours of difference.
        Offset("Antarctica/Troll", "2026-01-01T00:00:00Z", 0, "+00"),
        Offset("Antarctica/Troll", "2026-07-01T00:00:00Z", 7200, "+02"),
        Offset("Europe/Dublin", "2026-01-01T00:00:00Z", 0, "GMT"),
        Offset("America/St_Johns", "2026-01-01T00:00:00Z", -12_600, "NST"),
        Offset("Australia/Lord_Howe", "2026-01-01T00:00:00Z", 39_600, "+11"),
    ])
    func offsets(_ item: Offset) throws {
        let time = try #require(Timestamp(rfc3339: item.time))
        let offset = try #require(Self.database.offset(inZone: item.zone, at: time))
        #expect(offset.secondsEast == item.secondsEast)
        #expect(offset.abbreviation == item.name)
    }

    @Test func daylightSavingOfIrelandIsInWinter() throws {
        let rules = try Self.database.rules(forZone: "Europe/Dublin")
        let winter = try #require(Timestamp(rfc3339: "2026-01-01T00:00:00Z"))
        #expect(rules.localTimeType(at: winter).secondsEast == 0)
        #expect(rules.transition(after: winter)?.after.secondsEast == 3600)
    }

    struct Civil: Sendable, CustomTestStringConvertible {
        var zone: String
        var local: (Int, Int, Int, Int, Int)
        var instants: [String]
        var jump: String?
        var testDescription: String { "\(zone) \(local)" }

        init(_ zone: String, _ local: (Int, Int, Int, Int, Int), _ instants: [String], jump: String? = nil) {
            (self.zone, self.local, self.instants, self.jump) = (zone, local, instants, jump)
        }
    }

    @Test(arguments: [
        Civil("Europe/Berlin", (2026, 11, 22, 2, 15), ["2026-11-22T01:15:00Z"]),
        Civil("Europe/Berlin", (2026, 3, 29, 1, 59), ["2026-03-29T00:59:00Z"]),
        Civil("Europe/Berlin", (2026, 3, 29, 2, 0), [], jump: "2026-03-29T01:00:00Z"),
        Civil("Europe/Berlin", (2026, 3, 29, 2, 59), [], jump: "2026-03-29T01:00:00Z"),
        Civil("Europe/Berlin", (2026, 3, 29, 3, 0), ["2026-03-29T01:00:00Z"]),
        Civil("Europe/Berlin", (2026, 10, 25, 1, 59), ["2026-10-24T23:59:00Z"]),
        Civil("Europe/Berlin", (2026, 10, 25, 2, 0), ["2026-10-25T00:00:00Z", "2026-10-25T01:00:00Z"]),
        Civil("Europe/Berlin", (2026, 10, 25, 2, 59), ["2026-10-25T00:59:00Z", "2026-10-25T01:59:00Z"]),
        Civil("Europe/Berlin", (2026, 10, 25, 3, 0), ["2026-10-25T02:00:00Z"]),
        Civil("Pacific/Apia", (2011, 12, 30, 12, 0), [], jump: "2011-12-30T10:00:00Z"),
        Civil("Pacific/Apia", (2011, 12, 29, 23, 59), ["2011-12-30T09:59:00Z"]),
        Civil("Pacific/Apia", (2011, 12, 31, 0, 0), ["2011-12-30T10:00:00Z"]),
        // A day twice, in 1892.
        Civil("Pacific/Apia", (1892, 7, 4, 12, 0), ["1892-07-03T23:26:56Z", "1892-07-04T23:26:56Z"]),
        // Clocks go forward from midnight on.
        Civil("Africa/Cairo", (2024, 4, 26, 0, 30), [], jump: "2024-04-25T22:00:00Z"),
        Civil("America/Sao_Paulo", (2018, 11, 4, 0, 30), [], jump: "2018-11-04T03:00:00Z"),
        Civil("Australia/Lord_Howe", (2026, 10, 4, 2, 15), [], jump: "2026-10-03T15:30:00Z"),
        Civil("Antarctica/Troll", (2026, 3, 29, 2, 30), [], jump: "2026-03-29T01:00:00Z"),
        Civil("Africa/Casablanca", (2025, 4, 6, 2, 30), [], jump: "2025-04-06T02:00:00Z"),
        Civil("Africa/Casablanca", (2025, 2, 23, 2, 30), ["2025-02-23T01:30:00Z", "2025-02-23T02:30:00Z"]),
        Civil("UTC", (2026, 2, 28, 23, 59), ["2026-02-28T23:59:00Z"]),
    ])
    func instantsOfACivilTime(_ item: Civil) throws {
        let (year, month, day, hour, minute) = item.local
        let civil = CivilDateTime(year: year, month: month, day: day, hour: hour, minute: minute)
        let found = try Self.database.rules(forZone: item.zone).instants(forCivil: civil)
        #expect(found.all == item.instants.compactMap { Timestamp(rfc3339: $0) })
        if let jump = item.jump {
            #expect(found == .never(jump: try #require(Timestamp(rfc3339: jump))))
        }
    }

    @Test func changesOfAYearInOrder() throws {
        let rules = try Self.database.rules(forZone: "Europe/Berlin")
        let range = try #require(Timestamp(rfc3339: "2026-01-01T00:00:00Z"))..<Timestamp(seconds: 1_798_761_600)
        let changes = rules.transitions(in: range)
        #expect(changes.map { $0.at.rfc3339(fractionDigits: 0) } == ["2026-03-29T01:00:00Z", "2026-10-25T01:00:00Z"])
        #expect(changes.map(\.after.secondsEast) == [7200, 3600])
        #expect(changes.map(\.before.isDaylight) == [false, true])
        let far = try #require(rules.transition(after: Timestamp(seconds: 17_000_000_000)))
        #expect(far.before != far.after)
        #expect(rules.transition(atOrBefore: far.at) == far, "the change itself counts as before")
        #expect(rules.transition(after: far.at - .microseconds(1)) == far)
    }

    @Test func extremesAreNoCrash() throws {
        for zone in ["Europe/Berlin", "Africa/Casablanca", "Pacific/Apia", "UTC"] {
            let rules = try Self.database.rules(forZone: zone)
            for time in [Timestamp(microseconds: .min), Timestamp(microseconds: .max)] {
                #expect(abs(rules.localTimeType(at: time).secondsEast) < 86_400)
                if let next = rules.transition(after: time) { #expect(next.at > time) }
                if let last = rules.transition(atOrBefore: time) { #expect(last.at <= time) }
            }
            for year in [Int.min / 2, -300_000, 300_000, Int.max / 2] {
                #expect(rules.instants(forCivil: CivilDateTime(year: year, month: 6, day: 15)).all.count == 1)
            }
        }
    }

    @Test func namesAreThoseOfZones() {
        let names = Self.database.names()
        #expect(names.contains("Europe/Berlin"))
        #expect(names.contains("America/Argentina/Buenos_Aires"))
        #expect(names == names.sorted())
        #expect(!names.contains { $0.hasPrefix("right/") || $0.hasPrefix("posix/") || $0.hasSuffix(".tab") })
        #expect(names.allSatisfy { Self.database.isKnown($0) })
    }

    /// zdump(8) reads the same files with code of its own.
    @Test
    func agreesWithZdump() throws {
        let zones = Self.database.names().enumerated().filter { $0.offset % 25 == 0 }.map(\.element)
        let pipe = try #require(popen("/usr/bin/zdump -v -c 1880,2120 \(zones.joined(separator: " "))", "r"))
        var changes: [String: [TimeZoneTransition]] = [:]
        var before: (Timestamp, LocalTimeType)?
        var line: UnsafeMutablePointer<CChar>?
        var capacity = 0
        while getline(&line, &capacity, pipe) > 0, let text = line.map({ String(cString: $0) }) {
            guard let (zone, time, type) = Self.parse(text) else { continue }
            let rules = try Self.database.rules(forZone: zone)
            #expect(rules.localTimeType(at: time) == type, "\(text)")
            if let (second, earlier) = before, time.seconds == second.seconds + 1, earlier != type {
                changes[zone, default: []].append(TimeZoneTransition(at: time, before: earlier, after: type))
            }
            before = (time, type)
        }
        free(line)
        #expect(pclose(pipe) == 0)
        #expect(changes.count > 10)
        let range = Timestamp(seconds: -2_840_140_800)..<Timestamp(seconds: 4_733_510_400)
        for (zone, expected) in changes {
            #expect(try Self.database.rules(forZone: zone).transitions(in: range) == expected, "\(zone)")
        }
    }

    /// `Europe/Berlin  Sun Mar 29 01:00:00 2026 UT = Sun Mar 29 03:00:00 2026 CEST isdst=1 gmtoff=7200`
    private static func parse(_ line: String) -> (zone: String, time: Timestamp, type: LocalTimeType)? {
        let words = line.split { $0 == " " || $0 == "\n" }
        guard words.count == 16, words[6] == "UT", let year = Int(words[5]), let day = Int(words[3]),
            let offset = Int(words[15].dropFirst("gmtoff=".count))
        else { return nil }
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        let clock = words[4].split(separator: ":").compactMap { Int($0) }
        guard let month = months.firstIndex(of: String(words[2])), clock.count == 3 else { return nil }
        let civil = CivilDateTime(
            year: year, month: month + 1, day: day, hour: clock[0], minute: clock[1], second: clock[2])
        let type = LocalTimeType(
            secondsEast: offset, isDaylight: words[14] == "isdst=1", abbreviation: String(words[13]))
        return (String(words[0]), Timestamp(seconds: civil.secondsSinceEpoch), type)
    }
}

/// Databases made for the occasion.
@Suite struct TimeZoneDatabaseTests {
    @Test(arguments: [
        "", "/etc/passwd", "../zoneinfo/UTC", "Europe/../UTC", "Europe//Berlin", "Europe/", ".hidden", "Europe/.",
        "Eur ope", "Europe/Berlin\0", "Ü", String(repeating: "a", count: 256),
    ])
    func namesThatNoZoneHas(_ name: String) {
        let database = TimeZoneDatabase(directory: "/usr/share/zoneinfo")
        let error = #expect(throws: TimeZoneError.self) { try database.rules(forZone: name) }
        #expect(error?.code == .invalidName)
        #expect(database.offset(inZone: name, at: Timestamp(seconds: 0)) == nil)
    }

    @Test func unknownAndUnusableFiles() throws {
        let folder = try TemporaryFolder()
        try folder.write("No/Zone", Array("TZif".utf8))
        try folder.write("zone.tab", Array("AD\t+4230+00131\tEurope/Andorra\n".utf8))
        let database = TimeZoneDatabase(directory: folder.path)
        let cases: [(String, TimeZoneError.Code)] = [
            ("Mars/Phobos", .unknownZone), ("No", .unknownZone), ("No/Zone/Deeper", .unknownZone),
            ("No/Zone", .malformed), ("zone.tab", .malformed),
        ]
        for (name, code) in cases {
            let error = #expect(throws: TimeZoneError.self) { try database.rules(forZone: name) }
            #expect(error?.code == code, "\(name)")
            #expect(error?.message.contains(name) == true)
            #expect(!database.isKnown(name))
        }
    }

    @Test func oversizedFilesAreRefused() throws {
        let folder = try TemporaryFolder()
        try folder.write("Huge", [UInt8](repeating: 0, count: (1 << 20) + 1))
        let database = TimeZoneDatabase(directory: folder.path)
        let error = #expect(throws: TimeZoneError.self) { try database.rules(forZone: "Huge") }
        #expect(error?.code == .unreadable)
    }

    @Test func utcNeedsNoFile() throws {
        let database = TimeZoneDatabase(directory: "/nonexistent")
        #expect(database.isKnown("UTC"))
        #expect(database.isKnown("Etc/UTC"))
        #expect(!database.isKnown("Europe/Berlin"))
        #expect(database.names() == ["UTC"])
        #expect(database.version == "")
        let offset = try #require(database.offset(inZone: "UTC", at: Timestamp(seconds: 0)))
        #expect(offset.secondsEast == 0)
        #expect(offset.abbreviation == "UTC")
    }

    @Test(arguments: [
        ("tzdata.zi", "# version 2026f\n# This zic input file is in the public domain.\n", "2026f"),
        ("tzdata.zi", "# version 2026f-dirty\r\n", "2026f-dirty"),
        ("tzdata.zi", "Rule d 1916\n", ""),
        ("+VERSION", "2026f\n", "2026f"),
        ("+VERSION", "", ""),
    ])
    func versionOfTheData(_ file: String, _ text: String, _ version: String) throws {
        let folder = try TemporaryFolder()
        try folder.write(file, Array(text.utf8))
        #expect(TimeZoneDatabase(directory: folder.path).version == version)
    }

    @Test func aZoneIsReadOnce() throws {
        let folder = try TemporaryFolder()
        try folder.write("Here", TZifBuilder(footer: "AAA-1").bytes)
        let database = TimeZoneDatabase(directory: folder.path)
        #expect(try database.rules(forZone: "Here").footer?.standard.abbreviation == "AAA")
        try folder.write("Here", TZifBuilder(footer: "BBB-2").bytes)
        #expect(try database.rules(forZone: "Here").footer?.standard.abbreviation == "AAA")
        let another = TimeZoneDatabase(directory: folder.path)
        #expect(try another.rules(forZone: "Here").footer?.standard.abbreviation == "BBB")
    }

    @Test(arguments: [(nil, "/usr/share/zoneinfo"), ("", "/usr/share/zoneinfo"), ("/opt/tz", "/opt/tz")])
    func folderFromTheEnvironment(_ tzdir: String?, _ folder: String) {
        #expect(TimeZoneDatabase.systemDirectory(tzdir: tzdir) == folder)
    }
}
