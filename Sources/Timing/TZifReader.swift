import JobModel

/// Reads a TZif file, versions 1 to 4 (RFC 9636), into rules.
///
/// Of version 2 and later the second, 64-bit block is read and the first skipped.
struct TZifReader {
    private let bytes: UnsafeRawBufferPointer
    private let zone: String

    /// - Throws: ``TimeZoneError`` of code `malformed` or `leapSeconds`.
    static func rules(of zone: String, from bytes: [UInt8]) throws(TimeZoneError) -> TimeZoneRules {
        var result: Result<TimeZoneRules, TimeZoneError> = .failure(TimeZoneError(.malformed, message: ""))
        bytes.withUnsafeBytes { buffer in
            do throws(TimeZoneError) {
                result = .success(try TZifReader(bytes: buffer, zone: zone).rules())
            } catch {
                result = .failure(error)
            }
        }
        return try result.get()
    }

    private init(bytes: UnsafeRawBufferPointer, zone: String) {
        self.bytes = bytes
        self.zone = zone
    }

    private struct Header {
        static let size = 44
        var version: UInt8
        var utcIndicators, standardIndicators, leapSeconds, times, types, characters: Int

        /// The size of the data block that follows the header, for times of 4 or 8 bytes.
        func blockSize(timeSize: Int) -> Int {
            times * (timeSize + 1) + types * 6 + characters + leapSeconds * (timeSize + 4) + standardIndicators
                + utcIndicators
        }
    }

    private func malformed(_ what: String) -> TimeZoneError {
        TimeZoneError(.malformed, message: "the tz database's file for \(zone) is damaged: \(what)")
    }

    private func rules() throws(TimeZoneError) -> TimeZoneRules {
        let first = try header(at: 0)
        guard first.version >= UInt8(ascii: "2") else {
            return try block(at: Header.size, first, timeSize: 4, footer: nil)
        }
        let secondHeader = Header.size + first.blockSize(timeSize: 4)
        let second = try header(at: secondHeader)
        let begin = secondHeader + Header.size
        let footer = try footer(at: begin + second.blockSize(timeSize: 8))
        return try block(at: begin, second, timeSize: 8, footer: footer)
    }

    private func header(at offset: Int) throws(TimeZoneError) -> Header {
        guard offset + Header.size <= bytes.count else { throw malformed("it ends inside a header") }
        guard bytes[offset..<offset + 4].elementsEqual("TZif".utf8) else { throw malformed("it is not in TZif format") }
        func count(_ index: Int) -> Int { Int(integer(UInt32.self, at: offset + 20 + 4 * index)) }
        let header = Header(
            version: bytes[offset + 4], utcIndicators: count(0), standardIndicators: count(1), leapSeconds: count(2),
            times: count(3), types: count(4), characters: count(5))
        guard header.types > 0, header.characters > 0 else { throw malformed("it has no local time type") }
        guard header.types <= 256 else { throw malformed("it has more than 256 local time types") }
        return header
    }

    private func block(
        at offset: Int, _ header: Header, timeSize: Int, footer: PosixTimeZone?
    ) throws(TimeZoneError) -> TimeZoneRules {
        guard offset + header.blockSize(timeSize: timeSize) <= bytes.count else { throw malformed("it is cut off") }
        guard header.leapSeconds == 0 else {
            throw TimeZoneError(
                .leapSeconds, message: "the tz database's file for \(zone) counts leap seconds, which fnrun does not")
        }
        let indices = offset + header.times * timeSize
        let types = indices + header.times
        let characters = types + header.types * 6

        var times: [Int64] = []
        times.reserveCapacity(header.times)
        var previous: Int64?
        for index in 0..<header.times {
            let time =
                timeSize == 8
                ? integer(Int64.self, at: offset + 8 * index) : Int64(integer(Int32.self, at: offset + 4 * index))
            if let previous, time <= previous { throw malformed("its changes are out of order") }
            previous = time
            // Times beyond any timestamp (some files begin with the big bang) are moved to the ends.
            let range = TimeZoneRules.secondsRange
            times.append(min(max(time, range.lowerBound), range.upperBound))
        }
        let typeIndices = Array(bytes[indices..<types])
        guard typeIndices.allSatisfy({ Int($0) < header.types }) else {
            throw malformed("a change names a type that is not there")
        }
        var localTimeTypes: [LocalTimeType] = []
        for index in 0..<header.types {
            localTimeTypes.append(
                try type(at: types + 6 * index, characters: characters..<characters + header.characters))
        }
        return TimeZoneRules(types: localTimeTypes, times: times, typeIndices: typeIndices, footer: footer)
    }

    private func type(at offset: Int, characters: Range<Int>) throws(TimeZoneError) -> LocalTimeType {
        let secondsEast = integer(Int32.self, at: offset)
        guard (-89_999...93_599).contains(secondsEast) else { throw malformed("an offset from UTC is out of range") }
        let name = bytes[characters].dropFirst(Int(bytes[offset + 5]))
        guard bytes[offset + 4] <= 1, let end = name.firstIndex(of: 0) else {
            throw malformed("a local time type is invalid")
        }
        let abbreviation = String(decoding: name[..<end], as: UTF8.self)
        return LocalTimeType(
            secondsEast: Int(secondsEast), isDaylight: bytes[offset + 4] == 1, abbreviation: abbreviation)
    }

    /// The `TZ` string between two line feeds after the second block; nil if it is empty.
    private func footer(at offset: Int) throws(TimeZoneError) -> PosixTimeZone? {
        guard offset < bytes.count, bytes[offset] == UInt8(ascii: "\n") else {
            throw malformed("its footer is missing")
        }
        let text = bytes[(offset + 1)...].prefix { $0 != UInt8(ascii: "\n") }
        guard text.endIndex < bytes.count else { throw malformed("its footer is cut off") }
        guard !text.isEmpty else { return nil }
        guard let footer = PosixTimeZone(text) else { throw malformed("its footer is not a TZ string") }
        return footer
    }

    private func integer<Value: FixedWidthInteger>(_: Value.Type, at offset: Int) -> Value {
        Value(bigEndian: bytes.loadUnaligned(fromByteOffset: offset, as: Value.self))
    }
}
