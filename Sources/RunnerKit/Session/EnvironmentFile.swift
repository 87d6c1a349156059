internal import JobFile
internal import YAMLText

/// The variables of a `.env` file under those of the process.
enum EnvironmentFile {
    /// - Parameters:
    ///   - file: `--env-file`, which must be there; nil takes `.env` beside the job file, if there.
    ///   - jobFile: the job file's path; `.env` of the working directory if nil.
    /// - Throws: ``CommandFailure`` with status 2 if the file is missing or malformed.
    static func merged(
        with file: String?, besides jobFile: String?
    ) throws(CommandFailure) -> [String: String] {
        let process = ProcessEnvironment.current
        let path = file ?? jobFile.map { JobFilePath.resolve(".env", beside: $0) } ?? ".env"
        guard let parsed = DotEnv.read(path) else {
            guard file == nil else {
                throw CommandFailure(.invalid, "\(path): no such file (named by --env-file)")
            }
            return process
        }
        guard parsed.diagnostics.isEmpty else {
            throw CommandFailure(.invalid, parsed.diagnostics, sources: [])
        }
        return parsed.values.merging(process) { _, process in process }
    }
}
