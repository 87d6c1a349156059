package import JSONText
package import JobModel
package import Templating

/// A job file that was read and found to be right.
package struct JobFileDocument: Sendable {
    /// The path as the user gave it.
    package var path: String
    /// Always 1.
    package var version: Int
    /// Nil if the file has none. Where variables may be unset, what they would fill is empty.
    package var account: Account?
    /// The account's id, which may be known although the credentials are not.
    package var accountID: String?
    /// With the values set on the command line.
    package var vars: JSONObject
    /// In the order of the file.
    package var lambdas: [LambdaDefinition]
    /// In the order of the file.
    package var jobs: [JobDefinition]

    package func job(named name: String) -> JobDefinition? {
        jobs.first { $0.name == name }
    }

    /// A path that stands in the job file, seen from the working directory.
    package func resolve(_ path: String) -> String {
        JobFilePath.resolve(path, beside: self.path)
    }
}

/// A function or event of the section `lambdas`.
package struct LambdaDefinition: Sendable {
    package var name: String
    package var target: LambdaTarget
    /// Across all runs of the process.
    package var concurrency: Int?
    /// Across all runs of the process.
    package var rate: Rate?
    package var location: SourceLocation
}

/// A job, with the defaults of the file and its lambda applied.
package struct JobDefinition: Sendable {
    package var name: String
    package var description: String?
    /// The job's name in the file.
    package var location: SourceLocation
    /// The lambda's name in the file, or its UUID if the job names that.
    package var lambda: String
    package var target: LambdaTarget
    package var policy: RunPolicy
    package var record: RecordPolicy
    package var input: JobInput
    /// Without a `payload` of the job: the row.
    package var payload: PayloadTemplate
    /// Entries of the body's `headers` array, in the order of the file.
    package var headers: [(name: String, value: TextTemplate)]
    package var userID: TextTemplate
    /// Of run, replay and smoke; `-` is stdout. Relative to the job file.
    package var output: TextTemplate
    /// Of schedule and tick, appended to; the same as ``output`` if the job has one.
    package var scheduledOutput: TextTemplate
    /// SHA-256 over what decides the meaning of a row: lambda, payload, headers, userId, how input is parsed, key, and
    /// the values of the vars that these use. Not concurrency, rate, retry, tolerate, account, paths.
    package var hash: String
}

/// Paths in job files are relative to the file.
package enum JobFilePath {
    /// A path that stands in a file, seen from the working directory; `-` and absolute paths stay as they are.
    package static func resolve(_ path: String, beside file: String) -> String {
        guard path != "-", !path.hasPrefix("/"), let slash = file.lastIndex(of: "/") else { return path }
        return file[...slash] + path
    }
}
