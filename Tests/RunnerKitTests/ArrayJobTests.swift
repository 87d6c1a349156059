import JobModel
import Testing

@testable import RunnerKit

@Suite struct ArrayJobTests {
    @Test(arguments: [
        (["JOB_COMPLETION_INDEX": "0", "FNRUN_SHARD_TOTAL": "4"], "1/4"),
        (["JOB_COMPLETION_INDEX": "3", "FNRUN_SHARD_TOTAL": "4"], "4/4"),
        (["AWS_BATCH_JOB_ARRAY_INDEX": "9", "AWS_BATCH_JOB_ARRAY_SIZE": "10"], "10/10"),
        (["CLOUD_RUN_TASK_INDEX": "1", "CLOUD_RUN_TASK_COUNT": "2"], "2/2"),
        (["CI_NODE_INDEX": "1", "CI_NODE_TOTAL": "2"], "1/2"),
        (slurm(5, from: 5, to: 11, step: 2, count: 4), "1/4"),
        (slurm(11, from: 5, to: 11, step: 2, count: 4), "4/4"),
        (slurm(0, from: 0, to: 0, step: 1, count: 1), "1/1"),
        // Without SLURM_ARRAY_TASK_MAX the count tells.
        (slurm(2, from: 1, to: nil, step: 1, count: 3), "2/3"),
        // An empty variable is none.
        (["CI_NODE_INDEX": "", "CLOUD_RUN_TASK_INDEX": "0", "CLOUD_RUN_TASK_COUNT": "1"], "1/1"),
    ])
    func platformsTellTheShard(environment: [String: String], shard: String) throws {
        #expect(try ArrayJob.shard(in: environment).text == shard)
    }

    @Test(arguments: [
        ([:], "none of JOB_COMPLETION_INDEX"),
        (["JOB_COMPLETION_INDEX": "0"], "FNRUN_SHARD_TOTAL is not set"),
        (["JOB_COMPLETION_INDEX": "4", "FNRUN_SHARD_TOTAL": "4"], "is no task of"),
        (["CI_NODE_INDEX": "0", "CI_NODE_TOTAL": "2"], "counts from 1"),
        (["CI_NODE_INDEX": "x", "CI_NODE_TOTAL": "2"], "is not a whole number"),
        (["CI_NODE_INDEX": "-1", "CI_NODE_TOTAL": "2"], "is not a whole number"),
        (["CI_NODE_INDEX": "1", "CI_NODE_TOTAL": "99999999999999999999"], "is not a whole number"),
        (
            ["CI_NODE_INDEX": "1", "CI_NODE_TOTAL": "2", "CLOUD_RUN_TASK_INDEX": "0", "CLOUD_RUN_TASK_COUNT": "2"],
            "are both set"
        ),
        // --array=1,3,7
        (slurm(1, from: 1, to: 7, step: 1, count: 3), "sparse"),
        (slurm(3, from: 1, to: 7, step: 1, count: 3), "sparse"),
        (slurm(7, from: 1, to: nil, step: 1, count: 3), "sparse"),
        (slurm(4, from: 1, to: 7, step: 2, count: 4), "sparse"),
        (slurm(1, from: 1, to: 1, step: 0, count: 1), "sparse"),
        (slurm(1, from: 1, to: 7, step: Int.max, count: Int.max), "sparse"),
    ])
    func whatTellsNoShardIsRefused(environment: [String: String], message: String) {
        let failure = #expect(throws: CommandFailure.self) { try ArrayJob.shard(in: environment) }
        #expect(failure?.status == .usage)
        #expect(failure?.message.contains(message) == true, "\(failure?.message ?? "")")
        #expect(failure?.message.hasPrefix("--shard auto: ") == true)
    }

    private static func slurm(_ id: Int, from least: Int, to greatest: Int?, step: Int, count: Int) -> [String: String]
    {
        var environment = [
            "SLURM_ARRAY_TASK_ID": "\(id)", "SLURM_ARRAY_TASK_MIN": "\(least)", "SLURM_ARRAY_TASK_STEP": "\(step)",
            "SLURM_ARRAY_TASK_COUNT": "\(count)",
        ]
        environment["SLURM_ARRAY_TASK_MAX"] = greatest.map(String.init)
        return environment
    }
}
