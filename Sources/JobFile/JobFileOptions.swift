package import JobModel
package import Timing
package import YAMLText

/// What a job file is read with.
package struct JobFileOptions: Sendable {
    /// The variables for `${VAR}`: the process's, over those of an `.env` file.
    package var environment: [String: String]
    /// Inside of `account` variables may be unset, and the account may be absent: nothing will be sent to it.
    package var lenientAccount: Bool
    /// Another account takes the place of the file's: whatever is wrong with that is no matter.
    package var ignoresAccount = false
    /// Values of `vars` from the command line, each typed like a plain scalar.
    package var overrides: [String: String]
    /// Knows the time zones of schedules and templates. Nil is the system's for schedules, and leaves those of templates
    /// to the rows.
    package var zones: TimeZoneDatabase?
    /// Inputs are read in a format that the command line gives, so their names need not tell it.
    package var formatIsGiven = false
    /// Reads the file of a `clientSecretFile`.
    package var readSecret: @Sendable (String) throws(SecretFileFailure) -> [UInt8]

    package init(
        environment: [String: String], lenientAccount: Bool = false, overrides: [String: String] = [:],
        zones: TimeZoneDatabase? = nil,
        readSecret: @escaping @Sendable (String) throws(SecretFileFailure) -> [UInt8] = Self.readSecretFile
    ) {
        self.environment = environment
        self.lenientAccount = lenientAccount
        self.overrides = overrides
        self.zones = zones
        self.readSecret = readSecret
    }

    /// Reads a secret of at most 64 KiB.
    package static let readSecretFile: @Sendable (String) throws(SecretFileFailure) -> [UInt8] = {
        (path) throws(SecretFileFailure) in
        let limit = 64 << 10
        let bytes: [UInt8]
        do throws(FileBytes.Failure) {
            bytes = try FileBytes.read(path, limit: limit)
        } catch {
            throw SecretFileFailure(reason: error.reason)
        }
        guard bytes.count <= limit else { throw SecretFileFailure(reason: "it has more than 64 KiB") }
        return bytes
    }
}

/// Why the file of a secret could not be read, in a few words.
package struct SecretFileFailure: Error, Sendable, Hashable {
    package var reason: String

    package init(reason: String) {
        self.reason = reason
    }
}

/// What came of reading a job file.
package struct JobFileResult: Sendable {
    /// Nil if there is an error among the diagnostics.
    package var document: JobFileDocument?
    /// All problems, by place.
    package var diagnostics: [Diagnostic]
    /// For showing the lines of diagnostics; nil if the file could not be read.
    package var source: SourceText?
}
