import BinarySupport

/// How a run ended and what it recorded.
struct JobRun {
    var result: BuiltBinary.Result
    var records: ResultLines

    var status: Int32 { result.status }
}

extension BuiltBinary {
    /// The result file that ``arguments(for:_:)`` names.
    static let resultName = "out.jsonl"

    /// Writes a job file and gives the arguments that run it into a result file.
    func arguments(for job: JobFileText, _ further: [String] = []) throws -> [String] {
        try write(job.text, to: "job.yaml")
        return ["run", "job.yaml", "--output", Self.resultName] + further
    }

    /// Runs a job file to its end.
    func run(_ job: JobFileText, _ further: [String] = [], input: String? = nil) async throws -> JobRun {
        let result = try await run(arguments(for: job, further), input: input)
        return JobRun(result: result, records: try records())
    }

    /// The result file's records; none if there is no file.
    func records(_ name: String = Self.resultName) throws -> ResultLines {
        try ResultLines((try? read(name)) ?? "")
    }

    /// Writes JSON Lines `{"n":0}`, `{"n":1}`… and names the file.
    func writeRows(_ count: Int, to name: String = "rows.jsonl") throws {
        try write((0..<count).map { "{\"n\":\($0)}\n" }.joined(), to: name)
    }
}
