import Glibc

/// The system's own calls.
package struct SystemFileOperations: FileOperations {
    package init() {}

    package func write(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) throws(SystemError) -> Int {
        let count = Glibc.write(descriptor, bytes.baseAddress, bytes.count)
        guard count >= 0 else { throw .last }
        return count
    }

    package func waitUntilWritable(_ descriptor: Int32) {
        var entry = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        _ = poll(&entry, 1, -1)
    }

    package func sync(_ descriptor: Int32) throws(SystemError) {
        while fdatasync(descriptor) != 0 {
            guard errno == EINTR else { throw .last }
        }
    }

    package func truncate(_ descriptor: Int32, to length: Int64) throws(SystemError) {
        while ftruncate(descriptor, off_t(length)) != 0 {
            guard errno == EINTR else { throw .last }
        }
    }
}

extension SystemError {
    /// The calling thread's `errno`.
    static var last: SystemError { SystemError(number: errno) }

    /// The system's words for it, such as `No space left on device` (strerror(3), thread-safe since glibc 2.32).
    var reason: String {
        String(cString: strerror(number))
    }
}
