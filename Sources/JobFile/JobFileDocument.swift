package import JSONText
package import JobModel

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
    /// The file that the client secret is in, seen from the working directory; nil if it is not in one.
    package var secretFile: String?
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

/// Paths in job files are relative to the file.
package enum JobFilePath {
    /// A path that stands in a file, seen from the working directory; `-` and absolute paths stay as they are.
    package static func resolve(_ path: String, beside file: String) -> String {
        guard path != "-", !path.hasPrefix("/"), let slash = file.lastIndex(of: "/") else { return path }
        return file[...slash] + path
    }
}
