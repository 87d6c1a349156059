internal import JSONText
internal import JobFile
internal import JobModel
internal import LivePerson
internal import Results
internal import Timing

/// `--dry-run`: renders and prints the requests; contacts no host and writes no file.
struct DryRun {
    /// Rows that are rendered together.
    private static let batch = 256

    let console: Console
    let format: CommonSettings.Format

    /// Prints the requests of one job.
    ///
    /// - Returns: 1 if a row could not be read or rendered, 2 if the input could not be read to its end.
    func printAll(_ preparation: JobPreparation, account: Account?) throws(CommandFailure) -> [ExitStatus] {
        var statuses: [ExitStatus] = []
        var doubts = 0
        defer {
            if doubts > 0 { console.notice("job \(preparation.job.name): \(doubts) rows may have run: not sent") }
        }
        while true {
            let batch = preparation.source.rows.next(limit: Self.batch)
            var output: [UInt8] = []
            for row in batch.rows {
                // A key is data: it may neither steer a terminal nor begin a line of a script.
                let label = row.key.map { "row \(row.index) (\(TextFit.printable($0)))" } ?? "row \(row.index)"
                switch row.content {
                case .inDoubt(let error):
                    if format == .json { append(row, error, to: &output) }
                    doubts += 1
                case .request(let request):
                    let preview = RequestPreview(account: account, target: preparation.job.target, request: request)
                    append(row, label, request, preview, to: &output)
                case .rejected(let error):
                    statuses.append(.failed)
                    if format == .json { append(row, error, to: &output) }
                    console.error("job \(preparation.job.name), \(label): \(TextFit.printable(error.message))")
                }
            }
            try console.data(output)
            if let failure = batch.failure {
                console.error(failure)
                statuses.append(.invalid)
            }
            if batch.isLast { return statuses }
        }
    }

    private func append(
        _ row: PreparedRow, _ label: String, _ request: RenderedRequest, _ preview: RequestPreview,
        to output: inout [UInt8]
    ) {
        switch format {
        case .text:
            output += Array("# \(label)\nPOST \(preview.url)\n".utf8)
            for (name, value) in preview.headers { output += Array("\(name): \(value)\n".utf8) }
            output += [UInt8(ascii: "\n")] + request.body + Array("\n\n".utf8)
        case .curl:
            output += Array("# \(label)\n".utf8)
            output += Array("curl --silent --show-error --request POST \(ShellText.doubleQuoted(preview.url))".utf8)
            for (name, value) in preview.headers {
                let header = "\(name): \(value)"
                let isOurs = name == "Authorization"
                output += Array(" \\\n  --header ".utf8)
                output +=
                    isOurs ? Array(ShellText.doubleQuoted(header).utf8) : ShellText.singleQuoted(Array(header.utf8))
            }
            output += Array(" \\\n  --data-raw ".utf8) + ShellText.singleQuoted(request.body) + Array("\n".utf8)
        case .json:
            appendStart(of: row, to: &output)
            JSONWriter.append(raw: ",\"method\":\"POST\",\"url\":", to: &output)
            JSONWriter.append(string: preview.url, to: &output)
            JSONWriter.append(raw: ",\"headers\":", to: &output)
            let headers = JSONObject(preview.headers.map { (key: $0.name, value: .string($0.value)) })
            JSONWriter.append(headers, to: &output)
            JSONWriter.append(raw: ",\"body\":", to: &output)
            output += request.body
            JSONWriter.append(raw: "}\n", to: &output)
        }
    }

    private func append(_ row: PreparedRow, _ error: InvocationError, to output: inout [UInt8]) {
        appendStart(of: row, to: &output)
        JSONWriter.append(raw: ",\"error\":", to: &output)
        JSONWriter.append(
            JSONObject([("class", .string(error.errorClass.rawValue)), ("message", .string(error.message))]),
            to: &output)
        JSONWriter.append(raw: "}\n", to: &output)
    }

    private func appendStart(of row: PreparedRow, to output: inout [UInt8]) {
        JSONWriter.append(raw: "{\"index\":", to: &output)
        JSONWriter.append(row.index, to: &output)
        JSONWriter.append(raw: ",\"key\":", to: &output)
        JSONWriter.append(string: row.key ?? String(row.index), to: &output)
    }
}
