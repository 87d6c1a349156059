import JobModel
import RunnerKit
import Testing

/// Swift Testing has a type of the same name.
typealias Status = RunnerKit.ExitStatus

@Suite struct ExitStatusTests {
    @Test(
        arguments: [
            ([.failed, .output, .refused], .output), ([.failed, .unreachable, .refused], .refused),
            ([.failed, .terminated, .intolerable], .terminated), ([.failed, .invalid], .invalid),
            ([.failed, .success], .failed), ([], .success),
        ] as [([Status], Status)])
    func theContractOrdersThem(statuses: [Status], decisive: Status) {
        #expect(Status.decisive(among: statuses) == decisive)
        #expect(Status.decisive(among: statuses.reversed()) == decisive)
    }
}
