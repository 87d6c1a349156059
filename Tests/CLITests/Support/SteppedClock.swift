import BinarySupport
import Foundation

/// A wall clock that processes see in place of the system's, and that a test sets: libfaketime, loaded before the C
/// library. The monotonic clocks stay the system's.
struct SteppedClock {
    struct NotInstalled: Error {}
    struct NotCompiled: Error {}

    /// libfaketime 0.9.10 makes times from now of the absolute ones that timers of monotonic clocks are set to
    /// (timerfd_settime(2)), and so turns off a timer whose time has just come: Dispatch's would never fire again. Loaded
    /// before it, this leaves them alone; times of the wall clock are greater.
    private static let monotonicTimers = """
        #define _GNU_SOURCE
        #include <dlfcn.h>
        #include <sys/syscall.h>
        #include <sys/timerfd.h>
        #include <unistd.h>
        int timerfd_settime(int timer, int flags, const struct itimerspec *time, struct itimerspec *before) {
            int (*next)(int, int, const struct itimerspec *, struct itimerspec *);
            if (time->it_value.tv_sec < 1000000000) return syscall(SYS_timerfd_settime, timer, flags, time, before);
            next = dlsym(RTLD_NEXT, "timerfd_settime");
            return next(timer, flags, time, before);
        }
        """

    private let file: URL
    /// What processes are to have in their environment.
    let environment: [String: String]
    /// Seconds of Unix time that were to be now when the clock was made, less the system's.
    private let start: TimeInterval

    /// - Parameters:
    ///   - folder: for a file that the library reads at each look at the clock.
    ///   - start: now, in RFC 3339 UTC.
    init(in folder: URL, at start: String) throws {
        let libraries = try FileManager.default.contentsOfDirectory(atPath: "/usr/lib")
            .map { "/usr/lib/\($0)/faketime/libfaketimeMT.so.1" }
        guard let library = libraries.first(where: FileManager.default.fileExists(atPath:)) else {
            throw NotInstalled()
        }
        file = folder.appendingPathComponent("clock")
        let timers = try Self.compiled(Self.monotonicTimers, in: folder)
        environment = [
            "LD_PRELOAD": "\(timers) \(library)", "FAKETIME_TIMESTAMP_FILE": file.path, "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        ]
        self.start = Double(TimeText.microseconds(start)) / 1_000_000 - Date.now.timeIntervalSince1970
        try step(to: 0)
    }

    /// Makes a library of C: whoever builds Swift packages has the compiler.
    private static func compiled(_ source: String, in folder: URL) throws -> String {
        let text = folder.appendingPathComponent("timers.c")
        let library = folder.appendingPathComponent("timers.so").path
        try source.write(to: text, atomically: true, encoding: .utf8)
        let compiler = Process()
        compiler.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        compiler.arguments = ["clang", "-shared", "-fPIC", "-o", library, text.path, "-ldl"]
        try compiler.run()
        compiler.waitUntilExit()
        guard compiler.terminationStatus == 0 else { throw NotCompiled() }
        return library
    }

    /// Sets the clock so many seconds ahead of one that has run evenly since it was made.
    func step(to seconds: Double) throws {
        // Replaced, not written to: it is read at any moment.
        try "\(String(format: "%+.3f", start + seconds))\n".write(to: file, atomically: true, encoding: .utf8)
    }
}
