import BinarySupport
import Foundation
import JSONText

extension BuiltBinary {
    /// What the ledger says, newest first.
    func history(_ arguments: [String] = []) async throws -> [LedgerLine] {
        let result = try await run(["history", "--format", "json"] + arguments)
        guard result.status == 0 else { throw Failed(command: "history", result: result) }
        return try JSONDecoder().decode([LedgerLine].self, from: Data(result.output.utf8))
    }

    /// What `why` says of an occurrence.
    func why(_ line: LedgerLine, _ arguments: [String] = []) async throws -> String {
        let result = try await run(["why", line.job, line.nominalTime] + arguments)
        guard result.status == 0 else { throw Failed(command: "why", result: result) }
        return result.output
    }

    struct Failed: Error {
        var command: String
        var result: Result
    }

    /// The records of a scheduled job, of all days.
    func results(of job: String) throws -> ResultLines {
        try ResultLines(resultText(of: job))
    }

    /// The lines of a scheduled job's result files, of all days.
    func resultText(of job: String) throws -> String {
        let folder = self.folder.appendingPathComponent("results/\(job)").path
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return try names.sorted().map { try read("results/\(job)/\($0)") }.joined()
    }

    /// The rights of a file or folder.
    func mode(_ name: String) throws -> Int? {
        let path = folder.appendingPathComponent(name).path
        return try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    }

    /// Starts the daemon on a job file.
    func startSchedule(_ file: JobFileText, _ arguments: [String] = []) throws -> Running {
        try write(file.text, to: "job.yaml")
        return try start(["schedule", "job.yaml"] + arguments)
    }

    /// Keeps everybody else from writing the ledger, until ``releaseLedger()`` or for so many seconds.
    ///
    /// - Parameter time: in Unix time; the ledger is held from then on.
    /// - Returns: the exit code of who held it; 0.
    func holdLedger(from time: Double = 0, seconds: Double? = nil) async throws -> Int32 {
        let holder = """
            import os, sqlite3, time
            while time.time() < \(time): time.sleep(0.01)
            ledger = sqlite3.connect(".fnrun/ledger.sqlite", isolation_level=None, timeout=30)
            ledger.execute("BEGIN IMMEDIATE")
            open("held", "w").close()
            end = time.time() + \(seconds ?? 600)
            while not os.path.exists("release") and time.time() < end: time.sleep(0.01)
            ledger.execute("ROLLBACK")
            """
        try write(holder, to: "hold.py")
        return try await Shell.run("python3 hold.py", in: folder).status
    }

    /// Nobody else can write the ledger.
    var ledgerIsHeld: Bool { (try? read("held")) != nil }

    func releaseLedger() throws { try write("", to: "release") }

    /// Lets a daemon end; its exit code is 0 then.
    func stop(_ daemon: Running) async -> Result {
        daemon.signal(SIGTERM)
        return await daemon.result()
    }
}

extension BuiltBinary.Running {
    /// How many runs of a job the log tells the end of.
    func ends(of job: String, _ result: String = "succeeded") -> Int {
        errorsSoFar.split(separator: "\n").count { $0.contains(" \(job)@") && $0.contains("Z: \(result)") }
    }

    /// Waits for the ends of so many runs of a job.
    func waitForEnds(_ count: Int, of job: String, _ result: String = "succeeded") async throws {
        try await wait(for: "\(count) runs of \(job) that \(result)") { ends(of: job, result) >= count }
    }

    /// Waits for words on stderr.
    func waitFor(_ words: String) async throws {
        try await wait(for: words) { errorsSoFar.contains(words) }
    }

    /// Where its status pages are, once it says so.
    func statusPort() async throws -> UInt16 {
        try await Polling.value(of: "the address") { () -> UInt16? in
            let errors = errorsSoFar
            guard let start = errors.range(of: "status pages on http://127.0.0.1:") else { return nil }
            return UInt16(errors[start.upperBound...].prefix { $0.isNumber })
        }
    }

    /// Asks less often than usual: many daemons write much, and are watched at one time.
    private func wait(for what: String, probe: () -> Bool) async throws {
        do {
            try await Polling.until(what, within: 60, every: .milliseconds(40)) {
                let isRunning = isRunning
                if probe() { return true }
                guard isRunning else { throw Died(errors: errorsSoFar) }
                return false
            }
        } catch is Polling.TimedOut {
            throw Missing(what: what, errors: errorsSoFar)
        }
    }

    struct Missing: Error {
        var what: String
        var errors: String
    }

    struct Died: Error {
        var errors: String
    }
}
