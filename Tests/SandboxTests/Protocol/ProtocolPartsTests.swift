import JobModel
import Testing

@testable import Sandbox

@Suite struct RouteTests {
    private func description(_ path: String) -> String {
        var path = path
        switch path.withUTF8({ Route(path: $0) }) {
        case .service(let account, let name): return "service \(account) \(name)"
        case .services(let account): return "services \(account)"
        case .token(let account, let isNewForm): return "token \(account) \(isNewForm)"
        case .function(let account, let id): return "function \(account) \(id.text)"
        case .malformedFunction(let account, let id): return "malformed \(account) \(id)"
        case .event(let account, let id): return "event \(account) \(id)"
        case .implementation(let account, let event): return "implementation \(account) \(event)"
        case .statistics: return "statistics"
        case .reset: return "reset"
        case .unknown: return "unknown"
        }
    }

    @Test(arguments: [
        ("/api/account/1/service/faasGW/baseURI.json", "service 1 faasGW"),
        ("/api/account/1/service/baseURI.json", "services 1"),
        ("/sentinel/api/account/1/app/token", "token 1 false"),
        ("/sentinel/api/v2/account/1/app/token", "token 1 true"),
        (
            "/api/account/a1/lambdas/6F91F192-c1df-40e0-94f9-8765fd70fd02/invoke",
            "function a1 6f91f192-c1df-40e0-94f9-8765fd70fd02"
        ),
        ("/api/account/1/lambdas/17/invoke", "malformed 1 17"),
        ("/api/account/1/events/a%20b%2Fc+d/invoke", "event 1 a b/c+d"),
        ("/api/account/1/events/a%2/invoke", "event 1 a%2"),
        ("/api/account/1/events/a%20b/isImplemented", "implementation 1 a b"),
        ("/api/account/1/events/a/isImplemented/x", "unknown"), ("/api/account/1/lambdas/17/isImplemented", "unknown"),
        ("/__stats", "statistics"), ("/__reset", "reset"),
        ("", "unknown"), ("/", "unknown"), ("api", "unknown"), ("//api/account/1/service/baseURI.json", "unknown"),
        ("/api/account//service/baseURI.json", "unknown"), ("/api/account/1/service/faasGW/baseURI.json/", "unknown"),
        ("/api/account/1/service/faasGW", "unknown"), ("/api/account/1/lambdas/17/invoke/x", "unknown"),
        ("/__stats/x", "unknown"), ("/sentinel/api/v3/account/1/app/token", "unknown"),
    ])
    func readsPaths(path: String, expected: String) {
        #expect(description(path) == expected)
    }
}

@Suite struct FormFieldsTests {
    private func read(_ text: String) -> FormFields {
        var text = text
        return text.withUTF8 { FormFields($0) }
    }

    @Test(arguments: [
        ("", [], true), ("a=1", ["a=1"], true), ("a=1&b=&c=%C3%A9+%2B", ["a=1", "b=", "c=é +"], true),
        ("a", ["a="], false), ("&", [], false), ("a=1&&b=2", ["a=1", "b=2"], false), ("a=%", ["a=%"], false),
        ("a=%4", ["a=%4"], false), ("a=%zz", ["a=%zz"], false), ("a=%FF", ["a=\u{FFFD}"], false),
        ("a=b=c", ["a=b=c"], false), ("a=é", ["a=é"], false), ("a b=1", ["a b=1"], false),
    ])
    func decodes(text: String, expected: [String], isWellFormed: Bool) {
        let form = read(text)
        #expect(form.fields.map { "\($0.name)=\($0.value)" } == expected)
        #expect(form.isWellFormed == isWellFormed)
    }

    @Test func severalFieldsOfANameCountAsNone() {
        let form = read("a=1&b=2&a=3")
        #expect(form["a"] == nil)
        #expect(form["b"] == "2")
        #expect(form.count(of: "a") == 2)
    }
}

@Suite struct UUIDKeyTests {
    @Test func isTheSameInEitherCase() throws {
        let upper = try #require(UUIDKey("6F91F192-C1DF-40E0-94F9-8765FD70FD02"))
        #expect(upper == UUIDKey("6f91f192-c1df-40e0-94f9-8765fd70fd02"))
        #expect(upper.text == "6f91f192-c1df-40e0-94f9-8765fd70fd02")
        #expect(upper != UUIDKey("6f91f192-c1df-40e0-94f9-8765fd70fd03"))
    }

    @Test(arguments: [
        "", "6f91f192c1df40e094f98765fd70fd02", "6f91f192-c1df-40e0-94f9-8765fd70fd0",
        "6f91f192-c1df-40e0-94f9-8765fd70fd0g",
        "{f91f192-c1df-40e0-94f9-8765fd70fd02", "6f91f192-c1df-40e0-94f9+8765fd70fd02",
    ])
    func refusesOtherText(text: String) {
        #expect(UUIDKey(text) == nil)
    }
}

@Suite struct HTTPDateTests {
    @Test(arguments: [
        (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"), (0, "Thu, 01 Jan 1970 00:00:00 GMT"),
        (1_709_209_845, "Thu, 29 Feb 2024 12:30:45 GMT"),
    ])
    func isInTheFormOfHTTP(seconds: Int64, text: String) {
        #expect(HTTPDate.text(Timestamp(seconds: seconds)) == text)
    }
}

@Suite struct Base64URLTests {
    @Test(arguments: [
        ([], ""), ([0x66], "Zg"), ([0x66, 0x6F], "Zm8"), ([0x66, 0x6F, 0x6F], "Zm9v"), ([0xFB, 0xFF, 0xFE], "-__-"),
    ])
    func encodes(bytes: [UInt8], text: String) {
        #expect(Base64URL.text(bytes) == text)
    }
}
