internal import HTTPEngine
internal import JSONText
internal import JobFile
internal import JobModel
internal import Reactor
internal import Synchronization
internal import Timing

/// `fnrun doctor`: checks step by step what a run needs, and tells where it ends and why.
package struct DiagnoseFile: Sendable {
    private let common: CommonSettings
    private let path: String
    private let asksForLambdas: Bool
    private let timeout: Duration

    /// - Parameters:
    ///   - asksForLambdas: ask the gateway about each function and event, without running any.
    ///   - timeout: of each connection and request.
    package init(common: CommonSettings, path: String, asksForLambdas: Bool, timeout: Duration) {
        self.common = common
        self.path = path
        self.asksForLambdas = asksForLambdas
        self.timeout = timeout
    }

    /// - Throws: ``CommandFailure`` if the sandbox or the engine does not start, or stdout takes no more.
    package func execute() async throws -> ExitStatus {
        let console = Console(settings: common)
        let report = Report(console: console, isText: common.format == .text)
        if let document = try readFile(console, report) {
            try await diagnose(document, console, report)
        }
        return try report.end()
    }

    /// Steps that were taken: told as they come, or all at the end as JSON.
    private final class Report: Sendable {
        private let console: Console
        private let isText: Bool
        private let steps = Mutex<[DiagnosisStep]>([])

        init(console: Console, isText: Bool) {
            self.console = console
            self.isText = isText
        }

        func tell(_ step: DiagnosisStep) throws(CommandFailure) {
            steps.withLock { $0.append(step) }
            guard isText else { return }
            try console.data(
                step.text(width: console.outputProseWidth, usesColor: console.outputUsesColor))
        }

        func end() throws(CommandFailure) -> ExitStatus {
            let steps = steps.withLock { $0 }
            let status = ExitStatus.decisive(among: steps.map(\.status))
            guard !isText else { return status }
            let document: JSONValue = [
                "ok": .bool(status == .success), "exitCode": .number(JSONNumber(Int(status.rawValue))),
                "steps": .array(steps.map(\.json)),
            ]
            try console.data(JSONWriter.text(of: document))
            return status
        }
    }

    /// The file, its account filled in; nil if it cannot be used.
    private func readFile(_ console: Console, _ report: Report) throws(CommandFailure) -> JobFileDocument? {
        let lenient = try read(console, isLenient: true)
        guard let document = lenient.document else {
            try report.tell(
                .failed(
                    "job file", .invalid, "\(path) cannot be used", details: Self.lines(lenient.diagnostics),
                    cure: Self.cure(of: lenient.diagnostics, in: path)))
            return nil
        }
        let counts = [(document.jobs.count, "job"), (document.lambdas.count, "lambda")]
            .map { "\($0) \($1)\($0 == 1 ? "" : "s")" }
        let summary = "\(path), \(counts.joined(separator: ", "))"
        try report.tell(
            lenient.diagnostics.isEmpty
                ? .good("job file", summary)
                : .warning("job file", summary, details: Self.lines(lenient.diagnostics)))
        guard !common.usesSandbox else {
            try report.tell(.good("account", "the sandbox's own; the file's is ignored"))
            return document
        }
        let strict = try read(console, isLenient: false)
        guard let document = strict.document, let account = document.account else {
            try report.tell(
                .failed(
                    "account", .invalid, "its values are not all there",
                    details: Self.lines(strict.diagnostics.filter { $0.severity == .error }),
                    cause: "variables that are not set where fnrun runs, or a secret's file that cannot be read",
                    cure: "export them or put them into .env beside the file; --sandbox needs none"))
            return nil
        }
        try report.tell(.good("account", "\(account.id), with client id and secret"))
        return document
    }

    private func read(_ console: Console, isLenient: Bool) throws(CommandFailure) -> JobFileResult {
        try JobFiles(
            common: common, console: console, zones: .system, lenientAccount: isLenient, formatIsGiven: true
        ).read(path)
    }

    private static func cure(of diagnostics: [Diagnostic], in path: String) -> String {
        // Of a file that cannot even be read, its only problem says what to do.
        if diagnostics.count == 1, diagnostics[0].location == nil, !diagnostics[0].hint.isEmpty {
            return diagnostics[0].hint
        }
        return "fnrun validate \(path) shows each place"
    }

    /// Problems with their places; of many, the first.
    private static func lines(_ diagnostics: [Diagnostic]) -> [String] {
        let lines = diagnostics.prefix(8).map { problem in
            (problem.location.map { "\($0.line):\($0.column): " } ?? "") + problem.message
        }
        return lines + (diagnostics.count > 8 ? ["and \(diagnostics.count - 8) more"] : [])
    }

    private func diagnose(_ document: JobFileDocument, _ console: Console, _ report: Report) async throws {
        let time = SystemTimeSource()
        let services = try Services(
            settings: RunSettings(), time: time, logger: console.logger("fnrun", settings: common))
        defer { services.shutdown() }
        let sandbox =
            common.usesSandbox
            ? try await EmbeddedSandbox.start(script: common.sandboxScript, console: console, time: time) : nil
        if let account = sandbox?.account ?? document.account {
            let diagnosis = AccountDiagnosis(
                account: account, lambdas: asksForLambdas ? Self.lambdas(of: document) : [], timeout: timeout,
                transport: services.http, connections: services.connectionProbe, time: time,
                environment: ProcessEnvironment.current, tell: report.tell)
            try await diagnosis.perform()
        }
        await sandbox?.stop(console: console)
    }

    /// Those of the section `lambdas`, then those that jobs name by their UUID.
    private static func lambdas(of document: JobFileDocument) -> [(name: String, target: LambdaTarget)] {
        var seen: Set<LambdaTarget> = []
        let all =
            document.lambdas.map { ($0.name, $0.target) } + document.jobs.map { ($0.lambda, $0.target) }
        return all.filter { seen.insert($0.1).inserted }
    }
}
