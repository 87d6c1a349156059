import JobModel
import RunnerKit
import Testing

@Suite struct ExitStatusTests {
    @Test(
        arguments: [
            ([.failed, .output, .refused], .output), ([.failed, .unreachable, .refused], .refused),
            ([.failed, .terminated, .intolerable], .terminated), ([.failed, .invalid], .invalid),
            ([.failed, .success], .failed), ([], .success),
        ] as [([ExitStatus], ExitStatus)])
    func theContractOrdersThem(statuses: [ExitStatus], decisive: ExitStatus) {
        #expect(ExitStatus.decisive(among: statuses) == decisive)
        #expect(ExitStatus.decisive(among: statuses.reversed()) == decisive)
    }
}
