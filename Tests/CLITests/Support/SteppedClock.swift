import BinarySupport
import Foundation

/// A wall clock that processes see in place of the system's, and that a test sets: libfaketime, loaded before the C
/// library. The monotonic clocks stay the system's.
struct SteppedClock {
    struct NotInstalled: Error {}

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
        environment = [
            "LD_PRELOAD": library, "FAKETIME_TIMESTAMP_FILE": file.path, "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        ]
        self.start = Double(TimeText.microseconds(start)) / 1_000_000 - Date.now.timeIntervalSince1970
        try step(to: 0)
    }

    /// Sets the clock so many seconds ahead of one that has run evenly since it was made.
    func step(to seconds: Double) throws {
        // Replaced, not written to: it is read at any moment.
        try "\(String(format: "%+.3f", start + seconds))\n".write(to: file, atomically: true, encoding: .utf8)
    }
}
