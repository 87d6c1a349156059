/// Why an input cannot be read, or not to its end. Rows that are wrong by themselves are no such error.
package struct InputError: Error, Sendable, Hashable {
    package enum Code: String, Sendable, CaseIterable {
        case notFound
        case isDirectory
        case permission
        /// Another failure of open(2) or read(2).
        case unreadable
        /// No format was given, and the name does not tell.
        case unknownFormat
        case invalidDelimiter
        /// Not UTF-8 as a whole, such as UTF-16.
        case encoding
        /// The header line is missing a quote, names a column twice and the like.
        case header
        /// JSON whose rest cannot be cut into rows.
        case malformed
        /// Compressed data that is damaged or cut off.
        case compression
        /// It does not begin with the bytes of an ``InputPrefix``.
        case changed
        /// A copy of the beginning could not be kept.
        case temporaryFile
    }

    package var code: Code
    /// One line that names the input, what is wrong, and where it helps the cure.
    package var message: String

    package init(_ code: Code, message: String) {
        self.code = code
        self.message = message
    }
}
