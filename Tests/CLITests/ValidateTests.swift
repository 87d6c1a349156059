import BinarySupport
import Foundation
import JSONText
import Testing

@Suite("fnrun validate", .serialized)
struct ValidateTests {
    private static let good = JobFileText("http://127.0.0.1:1", "payload: { a: \"{{ row.a | default: 1 }}\" }")

    @Test("A good file needs neither credentials nor input files")
    func good() async throws {
        let binary = try BuiltBinary()
        var job = Self.good
        job.clientSecret = "${LP_CLIENT_SECRET}"
        job.jobs[0].settings += "\ninput: { file: not-there.csv }"
        try binary.write(job.text, to: "job.yaml")
        let result = try await binary.run(["validate", "job.yaml"])
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.output == "job.yaml: ok, 1 job\n")
        #expect(result.errors.isEmpty)
    }

    @Test("With --sandbox the account is not looked at")
    func sandbox() async throws {
        let binary = try BuiltBinary()
        try binary.write(Self.good.text.replacing("  clientId: test-client\n", with: "  clientid: 7\n"), to: "job.yaml")
        #expect(try await binary.run(["validate", "job.yaml"]).status == 2)
        let result = try await binary.run(["validate", "job.yaml", "--sandbox"])
        #expect(result.status == 0, "\(result.errors)")
    }

    @Test("A variable of the command line has to be known to one of several files; of none, it is told once")
    func variablesOfSeveralFiles() async throws {
        let binary = try BuiltBinary()
        var (one, other) = (Self.good, Self.good)
        (one.jobs[0].name, other.jobs[0].name) = ("one", "other")
        try binary.write(one.text.replacing("lambdas:", with: "vars: { v: 1 }\nlambdas:"), to: "a/one.yaml")
        try binary.write(other.text, to: "a/other.yaml")
        let known = try await binary.run(["validate", "a", "--set", "v=2"])
        #expect(known.status == 0 && known.errors.isEmpty, "\(known.errors)")
        let unknown = try await binary.run(["validate", "a", "--set", "w=2"])
        #expect(unknown.status == 0 && unknown.errors.split(separator: "--set w").count == 2, "\(unknown.errors)")
    }

    /// Four problems, each of another kind.
    private static let bad = """
        version: 1
        lambdas: { f: 6f91f192-c1df-40e0-94f9-8765fd70fd02 }
        jobs:
          one:
            lambda: g
            concurency: 3
            rate: fast
            payload: "{{ rwo.a }}"

        """

    @Test("Every problem is told, with file, line, column, a caret and what to write instead")
    func allProblems() async throws {
        let binary = try BuiltBinary()
        try binary.write(Self.bad, to: "job.yaml")
        let result = try await binary.run(["validate", "job.yaml"])
        #expect(result.status == 2)
        for place in ["job.yaml:5:13: error: ", "job.yaml:6:5: error: ", "job.yaml:7:11: error: ", "job.yaml:8:"] {
            #expect(result.errors.contains(place), "\(place) is missing in:\n\(result.errors)")
        }
        #expect(result.errors.contains("did you mean 'concurrency'"))
        #expect(result.errors.contains("^"))
        #expect(!result.errors.contains("\u{1B}["), "colour without a terminal")
    }

    @Test("In JSON, each problem has its place")
    func json() async throws {
        let binary = try BuiltBinary()
        try binary.write(Self.bad, to: "job.yaml")
        let result = try await binary.run(["validate", "job.yaml", "--format", "json"])
        #expect(result.status == 2)
        let problems = try #require(try JSONParser.parse(result.output).arrayValue)
        #expect(Set(problems.compactMap { $0["line"]?.intValue }) == [5, 6, 7, 8])
        #expect(problems.allSatisfy { $0["file"]?.stringValue == "job.yaml" && $0["message"]?.stringValue != nil })
        try binary.write(Self.good.text, to: "job.yaml")
        let fine = try await binary.run(["validate", "job.yaml", "--format", "json"])
        #expect(fine.status == 0)
        #expect(try JSONParser.parse(fine.output).arrayValue?.isEmpty == true)
    }

    @Test("A folder stands for its files; names are unique over all of them")
    func folder() async throws {
        let binary = try BuiltBinary()
        try binary.write(Self.good.text, to: "jobs/a.yaml")
        try binary.write(JobFileText("http://127.0.0.1:1", job: "other").text, to: "jobs/b.yml")
        try binary.write("no job file", to: "jobs/README.md")
        let fine = try await binary.run(["validate", "jobs"])
        #expect(fine.status == 0, "\(fine.errors)")
        #expect(fine.lines == ["jobs/a.yaml: ok, 1 job", "jobs/b.yml: ok, 1 job"])
        try binary.write(Self.good.text, to: "jobs/c.yaml")
        let clash = try await binary.run(["validate", "jobs"])
        #expect(clash.status == 2)
        #expect(clash.errors.contains("jobs/c.yaml") && clash.errors.contains("jobs/a.yaml"))
    }

    @Test("A path that is missing, or a folder without job files: 2", arguments: ["missing.yaml", "empty"])
    func missing(path: String) async throws {
        let binary = try BuiltBinary()
        try binary.write("", to: "empty/notes.txt")
        let result = try await binary.run(["validate", path])
        #expect(result.status == 2)
        #expect(result.errors.contains(path))
    }
}
