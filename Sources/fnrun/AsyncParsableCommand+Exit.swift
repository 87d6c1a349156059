import ArgumentParser
import RunnerKit

extension AsyncParsableCommand {
    /// Does a command's work and ends the process with its status; a failure is told on stderr first.
    ///
    /// - Parameter format: how failures are told.
    func exit(_ format: CommonSettings.Format, after work: () async throws -> ExitStatus) async throws {
        let status: ExitStatus
        do {
            status = try await work()
        } catch let failure as CommandFailure {
            Console.standard(format).failure(failure)
            status = failure.status
        }
        guard status == .success else { throw ExitCode(status.rawValue) }
    }
}
