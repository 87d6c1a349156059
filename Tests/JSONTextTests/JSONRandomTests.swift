import JSONText
import TestSupport
import Testing

@Suite struct JSONRandomTests {
    /// Random bytes of the alphabet that JSON is made of, and of any kind.
    private static func noise(_ random: inout SeededGenerator) -> [UInt8] {
        let alphabet = Array("{}[]:,\"\\u00dD8e+-.019truefalsn \n\té😀".utf8)
        return (0..<Int.random(in: 0...40, using: &random)).map { _ in
            Int.random(in: 0..<12, using: &random) == 0
                ? UInt8.random(in: 0...255, using: &random) : alphabet.randomElement(using: &random) ?? 0
        }
    }

    private static func value(depth: Int, _ random: inout SeededGenerator) -> JSONValue {
        switch Int.random(in: 0..<(depth > 0 ? 7 : 5), using: &random) {
        case 0: return .null
        case 1: return .bool(Bool.random(using: &random))
        case 2: return .number(JSONNumber(Int(truncatingIfNeeded: random.next() >> UInt64(random.next() % 64))))
        case 3:
            return JSONNumber(Double(bitPattern: random.next())).map(JSONValue.number) ?? .null
        case 4: return .string(text(&random))
        case 5:
            return .array((0..<Int.random(in: 0...4, using: &random)).map { _ in value(depth: depth - 1, &random) })
        default:
            let count = Int.random(in: 0...24, using: &random)
            return .object(
                JSONObject((0..<count).map { _ in (key: text(&random), value: value(depth: depth - 1, &random)) }))
        }
    }

    private static func text(_ random: inout SeededGenerator) -> String {
        var text = ""
        for _ in 0..<Int.random(in: 0...20, using: &random) {
            let limit = [0x20, 0x80, 0x800, 0xFFFF, 0x10FFFF].randomElement(using: &random) ?? 0x80
            Unicode.Scalar(UInt32.random(in: 0...UInt32(limit), using: &random)).map { text.unicodeScalars.append($0) }
        }
        return text
    }

    @Test(arguments: 0..<8)
    func parserAndMinifierAgreeOnAnyBytes(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var valid = 0
        for _ in 0..<4000 {
            let bytes = Self.noise(&random)
            let value = try? JSONParser.parse(bytes)
            var folded: [UInt8] = []
            #expect(JSONMinifier.append(bytes, to: &folded) == (value != nil), "\(bytes)")
            if let value {
                valid += 1
                #expect((try? JSONParser.parse(folded)) == value)
            }
        }
        #expect(valid > 0)
    }

    @Test(arguments: 0..<8)
    func writtenValuesReadBack(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<200 {
            let value = Self.value(depth: 4, &random)
            let bytes = JSONWriter.bytes(of: value)
            let read = try JSONParser.parse(bytes)
            #expect(read == value)
            #expect(JSONWriter.bytes(of: read) == bytes)
            var folded: [UInt8] = []
            #expect(JSONMinifier.append(bytes, to: &folded))
            #expect(folded == bytes)
        }
    }

    @Test(arguments: 0..<4)
    func brokenCopiesOfValidTextNeverCrash(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<500 {
            var bytes = JSONWriter.bytes(of: Self.value(depth: 3, &random))
            let position = Int.random(in: 0..<bytes.count, using: &random)
            if Bool.random(using: &random) { bytes[position] = UInt8.random(in: 0...255, using: &random) }
            if Bool.random(using: &random) { bytes.remove(at: position) }
            var folded: [UInt8] = []
            let isJSON = (try? JSONParser.parse(bytes)) != nil
            #expect(JSONMinifier.append(bytes, to: &folded) == isJSON)
        }
    }
}
