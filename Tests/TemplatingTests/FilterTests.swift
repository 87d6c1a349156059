import JSONText
import Templating
import Testing

@Suite struct FilterTests {
    @Test(arguments: [
        ("row.x | default: 'd'", #""d""#), ("row.null | default: 5", "5"), ("row.empty | default: false", "false"),
        ("row.zero | default: 5", "0"), ("row.false | default: true", "false"), ("row.x | default: null", "null"),
        ("row.x | default: ''", #""""#), ("row.x | default: row.a", #""A""#),
        ("row.x | default: row.y | default: 1", "1"),
        ("row.x | trim | default: 'd'", #""d""#), ("row.blank | trim | default: 'd'", #""d""#),
        ("row.empty | int | default: 0", "0"), ("row.x.y.z | upper | int | default: 0", "0"),
        ("row.x | default: 'd' | upper", #""D""#), ("row.blank | trim | int | default: 0 | add: 1", "1"),
        ("row.list | first | default: 'none'", #""none""#), ("row.a | default: 'd' | lower", #""a""#),
        ("row.x | default: now | date: '%Y'", #""2026""#), ("row.a | default: 1", #""A""#),
        ("1 | add: row.x | default: 0", "0"), ("row.a | replace: row.x, 'b' | upper | default: 'z'", #""z""#),
        ("row.a | replace: 'A', row.x | default: row.y | default: 3", "3"), ("1 | add: row.zero | default: 5", "1"),
    ])
    func defaultStandsInForWhatIsAbsent(expression: String, json: String) throws {
        let row = #"{"null":null,"empty":"","zero":0,"false":false,"a":"A","blank":" \t","list":[]}"#
        #expect(try Fixture.json(expression, row: row) == json)
    }

    @Test(arguments: [
        (#""007""#, "7"), (#"" 42 ""#, "42"), (#""+5""#, "5"), (#""-12""#, "-12"), (#""1.0""#, "1"), ("7", "7"),
        ("1e3", "1000"), (#""-0""#, "0"), ("-0", "0"), ("12345678901234567890", "12345678901234567890"),
        (#""12345678901234567890""#, "12345678901234567890"), (#""000""#, "0"), (#""1.500e1""#, "15"),
        ("2.50e1", "25"), (#""5.""#, "5"),
    ])
    func intReadsWholeNumbers(value: String, json: String) throws {
        #expect(try Fixture.json("row.v | int", row: #"{"v":\#(value)}"#) == json)
    }

    @Test(
        arguments: [
            (#""abc""#), (#""""#), (#""1.5""#), "1.5", "true", "null", "[1]", (#""1 2""#), (#""0x10""#),
            (#""1,000""#), "1e-400", (#""١""#), (#""NaN""#), (#""--1""#), (#"".""#), (#""+""#),
        ] as [String])
    func intRefusesTheRest(value: String) throws {
        let message = try #require(try Fixture.failure("row.v | int", row: #"{"v":\#(value)}"#))
        #expect(message.hasPrefix("int: wants a whole number, found "))
        #expect(message.hasSuffix("(expression '{{ row.v | int }}')"))
    }

    @Test func digitsThatAreWrittenStay() throws {
        let nines = String(repeating: "9", count: 1500)
        #expect(try Fixture.json("row.v | int", row: #"{"v":\#(nines)}"#) == nines)
        #expect(try Fixture.json("row.v | int", row: #"{"v":"\#(nines).000"}"#) == nines)
        #expect(try Fixture.json("row.v | add: 0", row: #"{"v":\#(nines)}"#) == nines)
        let sum = "1" + String(repeating: "0", count: 1500)
        #expect(try Fixture.json("row.v | add: 1", row: #"{"v":\#(nines)}"#) == sum)
    }

    @Test(arguments: ["1e1001", "1e100000", "1e999999999999999999999"])
    func anExponentAddsNoMoreThanAThousandDigits(value: String) throws {
        let message = try Fixture.failure("row.v | int", row: #"{"v":\#(value)}"#)
        #expect(message?.hasPrefix("int: \(value) written out has more than 1000 digits") == true)
    }

    @Test(arguments: [
        (#""1.10""#, "1.10"), (#""1e400""#, "1e400"), (#""007.50""#, "7.50"), (#"".5""#, "0.5"),
        (#""-.5e3""#, "-0.5e3"),
        (#""1.""#, "1"), (#""+1""#, "1"), (#"" 2 ""#, "2"), ("1.10", "1.10"), (#""0.0""#, "0.0"), (#""-00""#, "-0"),
        (#""12345678901234567890.123""#, "12345678901234567890.123"),
    ])
    func numberKeepsDigits(value: String, json: String) throws {
        #expect(try Fixture.json("row.v | number", row: #"{"v":\#(value)}"#) == json)
    }

    @Test(arguments: [#""x""#, #""1.2.3""#, #""1e""#, #"".e1""#, #""- 1""#, "true", "{}", #""Infinity""#, #""1_000""#])
    func numberRefusesTheRest(value: String) throws {
        let message = try Fixture.failure("row.v | number", row: #"{"v":\#(value)}"#)
        #expect(message?.hasPrefix("number: wants a number") == true)
    }

    @Test(arguments: [
        ("true", "true"), (#""true""#, "true"), (#""YES""#, "true"), (#""1""#, "true"), ("1", "true"),
        ("false", "false"), (#"" False ""#, "false"), (#""no""#, "false"), (#""0""#, "false"), ("0", "false"),
    ])
    func boolReadsItsWords(value: String, json: String) throws {
        #expect(try Fixture.json("row.v | bool", row: #"{"v":\#(value)}"#) == json)
    }

    @Test(arguments: [#""on""#, #""""#, "2", "null", "[]", #""truee""#])
    func boolRefusesTheRest(value: String) throws {
        #expect(try Fixture.failure("row.v | bool", row: #"{"v":\#(value)}"#)?.hasPrefix("bool: wants true") == true)
    }

    @Test(arguments: [
        ("row.n | add: 1", "12345678901234567891"), ("row.d | add: 0.2", "0.3"), ("row.p | add: 1", "2.10"),
        ("row.s | add: -8", "-1"), ("9223372036854775807 | add: 1", "9223372036854775808"), ("index | add: 1", "18"),
        ("row.s | add: row.d", "7.1"), ("-1 | add: 1", "0"),
    ])
    func addIsExact(expression: String, json: String) throws {
        let row = #"{"n":12345678901234567890,"d":0.1,"p":1.10,"s":"7"}"#
        #expect(try Fixture.json(expression, row: row) == json)
    }

    @Test(arguments: [
        ("row.n | string", #""1.10""#), ("row.o | string", #""{\"a\":1}""#), ("row.null | string", #""""#),
        ("row.t | string", #""true""#), ("now | string", #""2026-11-22T01:15:02Z""#),
        (#"row.j | json"#, #"{"a":[1.0]}"#), ("row.j | json | toJson", #""{\"a\":[1.0]}""#), ("row.n | json", "1.10"),
        ("row.s | toJson", #""\"Ä b\"""#), ("row.null | toJson", #""null""#),
        ("now | toJson", #""\"2026-11-22T01:15:02Z\"""#),
        ("row.s | lower", #""ä b""#), ("'straße' | upper", #""STRASSE""#), ("row.n | lower", #""1.10""#),
        ("'\u{3000} x \n' | trim", #""x""#), ("'   ' | trim", #""""#),
        ("'a.b.c' | replace: '.', '--'", #""a--b--c""#), ("'aaa' | replace: 'aa', 'b'", #""ba""#),
        ("'abc' | replace: 'x', 'y'", #""abc""#), ("'abc' | replace: 'b', ''", #""ac""#),
        ("'ö' | replace: 'ö', 'oe'", #""oe""#),
        ("'a,b,,c' | split: ','", #"["a","b","","c"]"#), ("'' | split: ','", "[]"), ("'a' | split: ','", #"["a"]"#),
        ("',' | split: ','", #"["",""]"#), ("'äb' | split: ''", #"["ä","b"]"#), ("'a::b' | split: '::'", #"["a","b"]"#),
        ("row.l | join: '-'", #""1-x--[2]-true""#), ("row.o2 | join: ','", #""""#),
        ("row.l | first", "1"), ("row.l | last", "true"), ("'äbc' | first", #""ä""#),
        ("'abc👩‍👩‍👧' | last", #""👩‍👩‍👧""#),
        ("row.l | size", "5"), ("row.o | size", "1"), ("'👩‍👩‍👧ä' | size", "2"), ("'' | size", "0"),
        ("row.n | size", "4"),
        ("'abcdef' | slice: 1, 3", #""bcd""#), ("'abcdef' | slice: -3, 2", #""de""#), ("'abc' | slice: 5, 2", #""""#),
        ("'abc' | slice: -9, 2", #""ab""#), ("'abc' | slice: 1, 99", #""bc""#), ("row.l | slice: 1, 2", #"["x",null]"#),
        ("'äöü' | slice: 1, 1", #""ö""#), ("'abc' | slice: 0, 9223372036854775807", #""abc""#),
        ("'abc' | slice: -9223372036854775808, 1", #""a""#),
        ("'' | base64", #""""#), ("'f' | base64", #""Zg==""#), ("'fo' | base64", #""Zm8=""#),
        ("'foo' | base64", #""Zm9v""#),
        ("'foobar' | base64", #""Zm9vYmFy""#), ("'ü?>' | base64", #""w7w/Pg==""#),
        ("'abc' | sha256", #""ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad""#),
        ("'a b&c=ü/~' | urlEncode", #""a%20b%26c%3D%C3%BC%2F~""#),
    ])
    func filters(expression: String, json: String) throws {
        let row = #"""
            {"n":1.10,"o":{"a":1},"o2":[],"null":null,"t":true,"j":"{\"a\": [1.0]}","s":"Ä b",
            "l":[1,"x",null,[2],true]}
            """#
        #expect(try Fixture.json(expression, row: row) == json)
    }

    @Test(arguments: [
        ("row.o | upper", "upper: wants text, found an object; toJson makes text of it"),
        ("row.null | upper", "upper: wants text, found null; default: gives a value for that"),
        ("row.s | json", #"json: "{" is not JSON: ends where "#),
        ("row.s | join: ','", "join: wants an array, found \"{\""),
        ("row.l | first", "first: there is nothing in it"), ("row.e | last", "last: there is nothing in it"),
        ("row.o | first", "first: wants text or an array, found an object"),
        ("row.null | size", "size: wants text, an array"),
        ("row.s | slice: 0, row.neg", "slice: the length is negative: -1"),
        ("row.s | slice: row.s, 1", "slice: wants a number, found \"{\""), ("row.s | slice: 1.5, 1", ""),
        ("row.s | replace: row.e, 'x'", "replace: the text to look for is empty"),
        ("row.s | replace: row.missing, 'x'", "replace: row.missing is missing"),
        ("row.s | plus: '1d'", "plus: wants a time such as"),
        ("now | plus: row.s", "plus: wants a duration such as '1h30m', found"),
        ("row.s | add: 1", "add: wants a number, found \"{\""),
        ("row.big | add: 1", "add: the sum would have more than"),
        ("row.long | int", "int: wants a whole number, found \"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa…\""),
        ("row.line | int", #"int: wants a whole number, found "a\nb" (expression"#),
        ("now | date: row.s, 'Nowhere/City'", ""), ("now | date: '%Y', row.s", "date: there is no time zone '{'"),
        ("now | date: row.bad", "date: unknown directive '%Q' in a date format"),
    ])
    func mistakesInDataAreErrorsOfTheRow(expression: String, message: String) throws {
        let row = #"""
            {"o":{},"null":null,"s":"{","l":[],"e":"","neg":-1,"big":1e5000,"bad":"%Q","line":"a\nb",
            "long":"\#(String(repeating: "a", count: 50))"}
            """#
        if message.isEmpty {
            #expect(!Fixture.problems("{{ \(expression) }}").isEmpty)
        } else {
            let found = try #require(try Fixture.failure(expression, row: row))
            #expect(found.hasPrefix(message), "\(found)")
            #expect(found.contains("{{ \(expression) }}"))
        }
    }

    @Test func casesAreThoseOfUnicode() throws {
        let scalars = (0..<0x1_3000).compactMap { Unicode.Scalar($0) }
        for start in stride(from: 0, to: scalars.count, by: 97) {
            let text = String(String.UnicodeScalarView(scalars[start..<Swift.min(start + 97, scalars.count)]))
            for text in [text, "Ab" + text + "cD"] {
                var context = try Fixture.context()
                context.row = ["text": .string(text)]
                for (filter, wanted) in [("lower", text.lowercased()), ("upper", text.uppercased())] {
                    let found = try TextTemplate(compiling: "{{ row.text | \(filter) }}").text(context: &context)
                    #expect(Array(found.utf8) == Array(wanted.utf8))
                }
            }
        }
    }
}
