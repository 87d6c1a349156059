import JSONText
import SettingsSchema
import Testing

@Suite struct JSONSchemaWriterTests {
    private static func schema(_ value: ValueSchema, default byDefault: SettingSchema.Default = .none) -> JSONValue? {
        let setting = SettingSchema("a", value, default: byDefault, "About `a`.", examples: [1])
        return JSONSchemaWriter.schema(of: MappingSchema("top", [setting]), title: "t", description: "d")
    }

    private static let variable = ##"{"$ref":"#/definitions/variable"}"##

    @Test(
        "The schema of a value",
        arguments: [
            (.boolean, #""anyOf":[{"type":"boolean"},VARIABLE]"#),
            (.integer(1...1), #""anyOf":[{"const":1},VARIABLE]"#),
            (.integer(1...9), #""anyOf":[{"type":"integer","minimum":1,"maximum":9},VARIABLE]"#),
            (.integer(0...Int.max), #""anyOf":[{"type":"integer","minimum":0},VARIABLE]"#),
            (.number(1...1000), #""anyOf":[{"type":"number","minimum":1,"maximum":1000},VARIABLE]"#),
            (.text(TextSchema()), #""type":["string","number"]"#),
            (.text(TextSchema(isFilled: true, takesNumbers: false)), #""type":"string","minLength":1"#),
            (.text(TextSchema(takesBooleans: true)), #""type":["string","number","boolean"]"#),
            (
                .text(TextSchema("an x", pattern: "x|y", takesNumbers: false)),
                #""type":"string","pattern":"^(x|y)$|\\$\\{","patternErrorMessage":"expected an x""#
            ),
            (
                .choice([ChoiceSchema("x", "the `x`"), ChoiceSchema("y")]),
                #""anyOf":[{"enum":["x","y"],"enumDescriptions":["the x",""]},VARIABLE]"#
            ),
            (.list(of: .anything), #""type":"array","items":{}"#),
            (
                .entries(EntriesSchema(of: .boolean, namePattern: "n", atLeast: 1)),
                #""type":"object","minProperties":1,"propertyNames":{"pattern":"^(n)$|\\$\\{"},"#
                    + #""additionalProperties":{"anyOf":[{"type":"boolean"},VARIABLE]}"#
            ),
            (.entries(EntriesSchema(of: .anything)), #""type":["object","null"],"additionalProperties":true"#),
            (
                .either([.integer(0...2), .text(TextSchema("a share", pattern: "s", takesNumbers: false)), .null]),
                #""anyOf":[{"type":"integer","minimum":0,"maximum":2},"#
                    + #"{"type":"string","pattern":"^(s)$|\\$\\{","patternErrorMessage":"expected a share"},{"type":"null"}]"#
            ),
        ] as [(ValueSchema, String)])
    func value(_ value: ValueSchema, _ expected: String) throws {
        let property = try #require(Self.schema(value)?["properties"]?["a"])
        let head = #"{"description":"About a.","markdownDescription":"About `a`.","examples":[1],"#
        let whole = head + expected.replacing("VARIABLE", with: Self.variable) + "}"
        #expect(JSONWriter.text(of: property) == whole)
    }

    @Test("A mapping that must not be empty is no null; one of whose keys none is required may be")
    func mappings() throws {
        let required = try #require(Self.schema(.boolean, default: .required))
        #expect(required["type"]?.stringValue == "object")
        #expect(required["required"]?[0]?.stringValue == "a")
        #expect(required["additionalProperties"]?.boolValue == false)
        let optional = try #require(Self.schema(.boolean, default: .value(true)))
        #expect(optional["type"]?[1]?.stringValue == "null")
        #expect(optional["properties"]?["a"]?["default"]?.boolValue == true)
    }

    @Test("A mapping stands once among the definitions, one that holds itself in a list too")
    func definitions() throws {
        let leaf = MappingSchema("leaf", exactlyOne: ["x", "y"], [])
        let schema = try #require(
            Self.schema(.either([.mapping(leaf), .list(of: .mapping(leaf))]))?["definitions"]?.objectValue)
        #expect(schema.names == ["leaf", "variable"])
        #expect(
            JSONWriter.text(of: try #require(schema["leaf"]?["oneOf"]))
                == #"[{"required":["x"]},{"required":["y"]}]"#)
    }
}
