internal import JobModel

/// The variables by which platforms tell the tasks of an array job apart.
enum ArrayJob {
    /// One platform's variables.
    private struct Platform {
        var name: String
        /// The variable that tells a task its index.
        var index: String
        var total: String
        /// The index of the first task.
        var first = 0
    }

    /// Kubernetes Indexed Jobs (which do not tell the total), AWS Batch, Cloud Run jobs, GitLab `parallel`.
    private static let platforms = [
        Platform(name: "Kubernetes", index: "JOB_COMPLETION_INDEX", total: "FNRUN_SHARD_TOTAL"),
        Platform(name: "AWS Batch", index: "AWS_BATCH_JOB_ARRAY_INDEX", total: "AWS_BATCH_JOB_ARRAY_SIZE"),
        Platform(name: "Cloud Run", index: "CLOUD_RUN_TASK_INDEX", total: "CLOUD_RUN_TASK_COUNT"),
        Platform(name: "GitLab", index: "CI_NODE_INDEX", total: "CI_NODE_TOTAL", first: 1),
    ]
    private static let slurmIndex = "SLURM_ARRAY_TASK_ID"

    /// The shard of this task.
    ///
    /// - Throws: ``CommandFailure`` with status 64 if no platform's variables are there, those of several, or numbers
    ///   that are no dense range.
    static func shard(in environment: [String: String]) throws(CommandFailure) -> Shard {
        let environment = environment.filter { !$0.value.isEmpty }
        let found = platforms.filter { environment[$0.index] != nil }
        let isSlurm = environment[slurmIndex] != nil
        let names = found.map(\.index) + (isSlurm ? [slurmIndex] : [])
        guard names.count < 2 else {
            throw failure("\(names.joined(separator: " and ")) are both set; say which part this is: --shard I/N")
        }
        if isSlurm { return try slurm(environment) }
        guard let platform = found.first else {
            let known = (platforms.map(\.index) + [slurmIndex]).joined(separator: ", ")
            throw failure("none of \(known) is set; say which part this is: --shard I/N")
        }
        let index = try number(platform.index, environment)
        let total = try number(platform.total, environment)
        guard let shard = Shard(number: index - platform.first + 1, total: total) else {
            throw failure(
                "\(platform.index)=\(index) is no task of \(platform.total)=\(total) "
                    + "(\(platform.name) counts from \(platform.first))")
        }
        return shard
    }

    /// Slurm numbers tasks from MIN in steps; `--array=1,3,7` makes numbers that are no dense range.
    private static func slurm(_ environment: [String: String]) throws(CommandFailure) -> Shard {
        let id = try number(slurmIndex, environment)
        let least = try number("SLURM_ARRAY_TASK_MIN", environment)
        let step = try number("SLURM_ARRAY_TASK_STEP", environment, otherwise: 1)
        let count = try number("SLURM_ARRAY_TASK_COUNT", environment)
        // Numbers that overflow are no dense range either.
        let (span, overflows) = Swift.max(0, count - 1).multipliedReportingOverflow(by: step)
        let greatest = try number("SLURM_ARRAY_TASK_MAX", environment, otherwise: overflows ? 0 : least &+ span)
        let isDense = step > 0 && id >= least && (id - least) % step == 0 && !overflows && least &+ span == greatest
        guard isDense, let shard = Shard(number: (id - least) / step + 1, total: count) else {
            throw failure(
                "the Slurm array is sparse (task \(id), from \(least), step \(step), \(count) tasks): its numbers "
                    + "are no dense range; use --array=0-\(Swift.max(0, count - 1)), or --shard I/N")
        }
        return shard
    }

    private static func number(
        _ name: String, _ environment: [String: String], otherwise: Int? = nil
    ) throws(CommandFailure) -> Int {
        guard let text = environment[name] else {
            if let otherwise { return otherwise }
            throw failure("\(name) is not set; set it, or say which part this is: --shard I/N")
        }
        guard text.utf8.allSatisfy({ (48...57).contains($0) }), let number = Int(text) else {
            throw failure("\(name)='\(text)' is not a whole number; say which part this is: --shard I/N")
        }
        return number
    }

    private static func failure(_ message: String) -> CommandFailure {
        CommandFailure(.usage, "--shard auto: \(message)")
    }
}
