import BinarySupport
import Foundation

/// A job whose runs are cut short, its rows, and what the sandbox does with them.
struct CrashJob: Sendable {
    /// How the rows reach the process.
    enum Feed: String, Sendable {
        case file, gzip, stdin
    }

    /// What becomes of a row each time it is sent.
    enum Fate: String, Sendable {
        case ok
        /// 429 for the first attempt of a run.
        case limited
        /// 901 always: it ran, and failed.
        case fails
    }

    var rows = 400
    var isIdempotent = false
    var feed = Feed.file
    var shards = 1
    var concurrency = 16
    /// What the sandbox does beside the fates of rows, as YAML of a function's settings.
    var weather = "latency: { min: 2ms, max: 25ms }"
    /// How often a row is tried, and after what waits.
    var retry = "{ maxAttempts: 12, initialInterval: 10ms, maximumInterval: 100ms }"
    /// Attempts started per time.
    var rate = "600/s"

    /// Platform errors, and where rows may be repeated also connections that break after the function ran.
    static func careless(feed: Feed = .file, rows: Int = 400) -> CrashJob {
        CrashJob(
            rows: rows, isIdempotent: true, feed: feed,
            weather: "latency: { min: 2ms, max: 25ms }\nfailures: { rate: 5%, as: [503, 500, reset] }")
    }

    /// Nothing but what is safe to repeat: no function runs before a platform error of the sandbox.
    static func careful(feed: Feed = .file, rows: Int = 400, shards: Int = 1) -> CrashJob {
        CrashJob(
            rows: rows, isIdempotent: false, feed: feed, shards: shards,
            weather: "latency: { min: 2ms, max: 25ms }\nfailures: { rate: 5%, as: [503, 500] }")
    }

    func fate(of row: Int) -> Fate {
        if row % 50 == 13 { return .fails }
        return row == 20 ? .limited : .ok
    }

    /// The bytes of a row, which are its payload, too.
    func payload(of row: Int) -> String {
        "{\"n\":\(row),\"fate\":\"\(fate(of: row).rawValue)\"}"
    }

    var lines: String {
        (0..<rows).map { payload(of: $0) + "\n" }.joined()
    }

    var inputName: String {
        switch feed {
        case .file: "rows.jsonl"
        case .gzip: "rows.jsonl.gz"
        case .stdin: "-"
        }
    }

    func jobFile(domainAPI: String) -> JobFileText {
        JobFileText(
            domainAPI,
            """
            idempotent: \(isIdempotent)
            concurrency: \(concurrency)
            retry: \(retry)
            rate: \(rate)
            """)
    }

    /// The sandbox's script.
    ///
    /// - Parameter seed: of the failures by chance.
    func script(seed: UInt64) -> String {
        let settings = weather.split(separator: "\n").map { line in
            line.hasPrefix("failures:") ? line.dropLast() + ", seed: \(seed % 1_000_000) }" : String(line)
        }
        return """
            version: 1
            remember: { requestIds: 200000, payloads: 200000 }
            functions:
              \(JobFileText.function):
            \(settings.map { "    \($0)" }.joined(separator: "\n"))
                match:
                  - when: { payload.fate: limited }
                    sequence: [429, ok]
                  - when: { payload.fate: fails }
                    then: 901

            """
    }

    /// The rows of a shard.
    ///
    /// - Parameter shard: from 1.
    func rows(of shard: Int) -> [Int] {
        (0..<rows).filter { $0 % shards == shard - 1 }
    }

    /// The result file of a shard.
    func output(of shard: Int) -> String {
        shards == 1 ? "out.jsonl" : "out-\(shard)-of-\(shards).jsonl"
    }

    /// Writes job file and input into a folder.
    func write(to binary: BuiltBinary, domainAPI: String) async throws {
        try binary.write(jobFile(domainAPI: domainAPI).text, to: "job.yaml")
        try binary.write(lines, to: "rows.jsonl")
        if feed == .gzip {
            let (status, output) = try await Shell.run("gzip rows.jsonl", in: binary.folder)
            guard status == 0 else { throw NotPacked(output: output) }
        }
    }

    struct NotPacked: Error {
        var output: String
    }
}
