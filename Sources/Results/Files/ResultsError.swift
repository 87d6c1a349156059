/// Why a result file could not be opened, read or written: what, where, and what to do about it.
package struct ResultsError: Error, Sendable, Hashable {
    /// The closed set of causes.
    package enum Code: String, Sendable, Hashable, CaseIterable {
        /// The output exists and is not empty.
        case exists
        /// Another process holds the file's lock.
        case locked
        /// The file system knows no locks, or they failed.
        case unlockable
        case isFolder
        /// A folder or file may not be created or written.
        case notWritable
        /// The file to append to holds something else than records.
        case notRecords
        case notFound
        case unreadable
        /// No space left: of the disk, the quota, or the file size limit.
        case full
        /// write(2) failed otherwise.
        case write
        /// fsync(2) failed: nobody knows what is on disk.
        case sync
    }

    package var code: Code
    /// One line: the path, the system's reason and the cure.
    package var message: String

    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }
}
