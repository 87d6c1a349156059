import Glibc
import JobFile
import JobModel
import Results
import RunnerKit

// What fnrun does to a row besides sending it, on one thread: reads and renders it, encodes the record of its end,
// and writes that. `Benchmarks/instructions` counts the instructions of it.
//
// usage: HotPathBenchmark JOB-FILE ROWS OUTPUT

/// Rows that are prepared, and whose records are written, together: about as many as a run at full speed has at once.
let batchSize = 64

func fail(_ message: String) -> Never {
    let line = Array("HotPathBenchmark: \(message)\n".utf8)
    _ = write(STDERR_FILENO, line, line.count)
    exit(1)
}

let arguments = CommandLine.arguments
guard arguments.count == 4, let count = Int(arguments[2]), count > 0 else {
    fail("usage: HotPathBenchmark JOB-FILE ROWS OUTPUT")
}
let loaded = JobFileLoader.load(
    path: arguments[1], options: JobFileOptions(environment: [:], lenientAccount: true))
guard let document = loaded.document, let job = document.jobs.first else {
    fail("\(arguments[1]) is no valid job file: \(loaded.diagnostics.map(\.message))")
}

do {
    let preparation = try RowPreparation(job: job, vars: document.vars, limit: count)
    let file = try ResultFile.open(arguments[3])
    var encoder = RecordEncoder(run: preparation.description, policy: job.record)
    var tally = RunTally()
    let answer = Answer(
        status: 200, body: Array(#"{"ok":true,"customer":{"id":10000000,"state":"updated","revision":17}}"#.utf8))
    var records: [UInt8] = []
    var rendered = 0
    while true {
        let batch = preparation.next(limit: batchSize)
        for row in batch.rows {
            guard case .request = row.content else { fail("row \(row.index) was not rendered") }
            rendered += 1
            let latency = Duration.microseconds(900 + row.index % 1000)
            let result = InvocationResult(
                row: row, outcome: .succeeded, status: answer.status, attempts: 1,
                startedAt: Timestamp(microseconds: 1_795_000_000_000_000 + Int64(row.index) * 37), duration: latency,
                latency: latency, answer: answer)
            encoder.append(result, to: &records)
            tally.add(result)
        }
        let written = records.withUnsafeBytes { write(file.descriptor, $0.baseAddress, $0.count) }
        guard written == records.count else { fail("\(arguments[3]): cannot be written") }
        records.removeAll(keepingCapacity: true)
        if batch.isLast { break }
    }
    file.close()
    guard rendered == count, tally.latencies.count == UInt64(count) else { fail("there are only \(rendered) rows") }
} catch {
    fail("\(error)")
}
