import Testing
import YAMLText

@Suite struct CoreSchemaTests {
    @Test(arguments: [
        // null
        ("", "null"), ("~", "null"), ("null", "null"), ("Null", "null"), ("NULL", "null"), ("nULL", #"str "nULL""#),
        ("none", #"str "none""#), ("nil", #"str "nil""#),
        // booleans, and what YAML 1.1 took for some
        ("true", "true"), ("True", "true"), ("TRUE", "true"), ("tRUE", #"str "tRUE""#), ("false", "false"),
        ("False", "false"), ("FALSE", "false"), ("yes", #"str "yes""#), ("no", #"str "no""#), ("on", #"str "on""#),
        ("off", #"str "off""#), ("y", #"str "y""#), ("N", #"str "N""#), ("NO", #"str "NO""#),
        // integers
        ("0", "int 0"), ("-0", "int -0"), ("7", "int 7"), ("007", "int 7"), ("-007", "int -7"), ("+1", "int 1"),
        ("+0", "int 0"), ("000", "int 0"), ("12345678901234567890", "int 12345678901234567890"),
        ("0x1F", "int 31"), ("0xff", "int 255"), ("0x0", "int 0"), ("0o17", "int 15"), ("0o0", "int 0"),
        ("0xFFFFFFFFFFFFFFFFFFFFFFFF", "int 79228162514264337593543950335"),
        ("0xDE0B6B3A7640000", "int 1000000000000000000"),
        ("0o7777777777777777777777777", "int 37778931862957161709567"),
        ("0x", #"str "0x""#), ("0o8", #"str "0o8""#), ("0xG", #"str "0xG""#), ("-0x1F", #"str "-0x1F""#),
        ("0b101", #"str "0b101""#), ("1_000", #"str "1_000""#), ("12:30", #"str "12:30""#),
        ("190:20:30", #"str "190:20:30""#),
        ("-", #"str "-""#), ("+", #"str "+""#), ("--1", #"str "--1""#), ("1-", #"str "1-""#), ("١", #"str "١""#),
        // floats
        ("1.10", "float 1.10"), ("1.", "float 1.0"), (".5", "float 0.5"), ("-.5", "float -0.5"), ("+.5", "float 0.5"),
        ("1e3", "float 1e3"), ("1E+3", "float 1E+3"), ("1.5e-3", "float 1.5e-3"), ("1e400", "float 1e400"),
        ("00.5", "float 0.5"), ("-00012.50", "float -12.50"), ("1.e1", "float 1.0e1"), (".5e0", "float 0.5e0"),
        (".", #"str ".""#), ("..5", #"str "..5""#), ("1e", #"str "1e""#), ("1e+", #"str "1e+""#), ("e3", #"str "e3""#),
        (".e3", #"str ".e3""#), ("1.2.3", #"str "1.2.3""#), ("1,5", #"str "1,5""#), ("1 2", #"str "1 2""#),
        (".inf", ".inf"), ("+.Inf", ".inf"), ("-.INF", "-.inf"), (".nan", ".nan"), (".NaN", ".nan"), (".NAN", ".nan"),
        ("-.nan", #"str "-.nan""#), (".iNF", #"str ".iNF""#), ("inf", #"str "inf""#), ("NaN", #"str "NaN""#),
        ("2026-11-22", #"str "2026-11-22""#), ("hello", #"str "hello""#), ("=", #"str "=""#),
    ])
    func resolvesPlainScalars(text: String, meaning: String) {
        #expect(outline(YAMLScalar(text).value) == meaning)
    }

    @Test(arguments: ["12", "true", "null", "", "0x1F", ".inf"])
    func keepsQuotedScalarsAsText(text: String) {
        for style in [YAMLScalar.Style.singleQuoted, .doubleQuoted, .literal, .folded] {
            #expect(YAMLScalar(text, style: style).value == .string(text))
        }
    }

    @Test(arguments: [
        ("!!str 12", #"str "12""#), ("!!str null", #"str "null""#), ("!!int \"12\"", "int 12"),
        ("!!int 0x10", "int 16"),
        ("!!float 1", "float 1"), ("!!float .inf", ".inf"), ("!!bool \"true\"", "true"), ("!!null \"\"", "null"),
        ("!!int abc", "invalid: !!int wants an integer such as 12 or 0x1F"),
        ("!!int 1.5", "invalid: !!int wants an integer such as 12 or 0x1F"),
        ("!!float x", "invalid: !!float wants a number such as 1.5"),
        ("!!bool yes", "invalid: !!bool wants true or false"), ("!!null 0", "invalid: !!null wants null, ~ or nothing"),
        ("!!seq [1]", "[int 1]"), ("!!map {a: 1}", "{a: int 1}"), ("!!str", #"str """#),
        ("!<tag:yaml.org,2002:int> 3", "int 3"),
    ])
    func honoursTags(text: String, meaning: String) {
        let document = parse("a: \(text)")
        #expect(document.diagnostics.isEmpty)
        #expect(outline(document.root?.mapping?["a"]) == meaning)
    }

    @Test func refusesEndlessHexadecimalNumbers() {
        let longest = YAMLScalar("0x" + String(repeating: "F", count: 4096)).value
        guard case .integer(let digits) = longest else {
            Issue.record("4096 digits are allowed, got \(longest)")
            return
        }
        #expect(digits.utf8.count == 4933)
        let longer = YAMLScalar("0x" + String(repeating: "F", count: 1_000_000)).value
        #expect(outline(longer) == "invalid: a number of base 16 has at most 4096 digits")
    }
}
