/// The system calls that make records durable, as a port: tests count them and let them fail.
package protocol FileOperations: Sendable {
    /// write(2), once: may take fewer bytes than offered.
    func write(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) throws(SystemError) -> Int
    /// Waits until a descriptor that answered `EAGAIN` takes bytes again (poll(2)).
    func waitUntilWritable(_ descriptor: Int32)
    /// fdatasync(2).
    func sync(_ descriptor: Int32) throws(SystemError)
    /// ftruncate(2).
    func truncate(_ descriptor: Int32, to length: Int64) throws(SystemError)
}

/// A failed system call (errno(3)).
package struct SystemError: Error, Sendable, Hashable {
    /// The value of `errno`.
    package var number: Int32

    package init(number: Int32) {
        self.number = number
    }
}
