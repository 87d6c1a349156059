internal import JSONText
internal import JobFile
internal import JobModel
internal import Reactor
internal import Results
internal import Timing
internal import YAMLText

/// `fnrun invoke`: one invocation without a job file.
package struct InvokeOnce: Sendable {
    private let common: CommonSettings
    private let run: RunSettings
    private let target: String
    private let data: String

    /// - Parameters:
    ///   - target: a UUID, or an event id.
    ///   - data: JSON, or `@` and the path of a file that holds it (`-` is stdin).
    package init(common: CommonSettings, run: RunSettings, target: String, data: String) {
        self.common = common
        self.run = run
        self.target = target
        self.data = data
    }

    /// - Throws: ``CommandFailure`` for everything that keeps the invocation from being sent.
    package func execute() async throws -> ExitStatus {
        try common.refuseCurl(unless: run.isDryRun)
        let console = Console(settings: common)
        let time = SystemTimeSource()
        let zones = TimeZoneDatabase.system
        let job = try job(payload: try payload())
        let account =
            common.usesSandbox ? nil : try EnvironmentAccount.read(common: common, isOptional: run.isDryRun)
        let preparation = try JobPreparation(
            job: job, vars: JSONObject(), settings: run, trigger: .manual, zones: zones, time: time)
        guard !run.isDryRun else {
            let dryRun = DryRun(console: console, format: common.format)
            return ExitStatus.decisive(among: try dryRun.printAll(preparation, account: account))
        }
        let session = try await RunSession.start(
            common: common, run: run, console: console, time: time)
        let recorder = AnswerRecorder()
        let statuses: [ExitStatus]
        do {
            statuses = try await session.run(preparation, account: account, recorder: recorder)
        } catch {
            await session.end()
            throw error
        }
        await session.end()
        if let result = recorder.result { try tell(result, of: preparation.description, on: console) }
        return ExitStatus.decisive(among: statuses)
    }

    private func tell(
        _ result: InvocationResult, of run: RunDescription, on console: Console
    ) throws(CommandFailure) {
        if common.format == .json {
            var line: [UInt8] = []
            var policy = RecordPolicy()
            policy.maxResponse = .max
            var encoder = RecordEncoder(run: run, policy: policy)
            encoder.append(result, to: &line)
            try console.data(line)
            return
        }
        if let error = result.error {
            let status = result.status.map { " with status \($0)" } ?? ""
            let code = error.code.map { " [\($0)]" } ?? ""
            let what = result.outcome == .cancelled ? "not sent" : result.outcome.rawValue
            console.error("\(what)\(status) (\(error.errorClass.rawValue)): \(error.message)\(code)")
        } else if let answer = result.answer {
            try console.data(answer.body + [UInt8(ascii: "\n")])
        }
    }

    /// The job that a file with nothing but this target would hold.
    private func job(payload: JSONValue) throws(CommandFailure) -> JobDefinition {
        let address = UUIDText.isValid(target) ? "uuid" : "event"
        let text = """
            {version: 1, lambdas: {target: {\(address): \(JSONWriter.text(of: .string(target)))}}, \
            jobs: {invoke: {lambda: target}}}
            """
        let result = JobFileLoader.load(
            path: "invoke", bytes: Array(text.utf8),
            options: JobFileOptions(environment: [:], lenientAccount: true))
        guard var job = result.document?.jobs.first else {
            throw CommandFailure(
                .usage,
                "'\(target)' is neither a UUID (8-4-4-4-12 hexadecimal digits) nor an event id (1 to 60 characters)")
        }
        job.lambda = target
        job.input.source = .items([payload])
        return job
    }

    private func payload() throws(CommandFailure) -> JSONValue {
        var bytes = Array(data.utf8)
        var name = "--data"
        if data.hasPrefix("@") {
            name = String(data.dropFirst())
            do {
                bytes = try FileBytes.read(name == "-" ? "/dev/stdin" : name, limit: 64 << 20)
            } catch {
                throw CommandFailure(.invalid, "\(name): cannot be read: \(error.reason) (named by --data)")
            }
        }
        let value: JSONValue
        do {
            value = try JSONParser.parse(bytes)
        } catch {
            throw CommandFailure(data.hasPrefix("@") ? .invalid : .usage, "\(name): not JSON: \(error)")
        }
        guard !value.isNull else { throw CommandFailure(.usage, "\(name): the payload may not be null") }
        return value
    }
}
