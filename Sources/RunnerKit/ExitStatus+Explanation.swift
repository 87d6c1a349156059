extension ExitStatus {
    /// What it means, and what to do: Markdown, a sentence or two each.
    package var explanation: (cause: String, cure: String) {
        switch self {
        case .success: ("All is well; failures within `tolerate` included.", "Nothing.")
        case .failed:
            (
                "An invocation failed or may have run, or an expectation did not hold.",
                "`fnrun report RESULTS` counts by class; `--resume RESULTS` or `replay --only failed` sends again."
            )
        case .invalid:
            (
                "A job file or script is wrong, or an input is missing or cannot be read.",
                "`fnrun validate FILE` shows every problem with its place."
            )
        case .unreachable:
            (
                "Hosts or a token could not be had within `--auth-timeout`, or no attempt could be sent at all.",
                "`fnrun doctor FILE` says which step fails: DNS, proxy, firewall, TLS."
            )
        case .refused:
            (
                "The account or its credentials were rejected.",
                "Check account id, client id and secret: `fnrun doctor FILE`."
            )
        case .intolerable:
            (
                "More failures than `tolerate` allows: nothing more was started.",
                "See the records for what failed; `--resume RESULTS` goes on."
            )
        case .resumeRefused:
            (
                "A resume was refused: the input or the job is not that of the recorded run.",
                "Restore it, or `--accept-changes`, which matches rows by key."
            )
        case .output:
            (
                "Results, reports or the ledger could not be written, or exist already.",
                "Name another file, `--append` or `--resume`; make room; check rights."
            )
        case .missed:
            (
                "`tick`: occurrences were missed.",
                "`fnrun history` shows which, `fnrun why JOB TIME` why; `catchup` decides."
            )
        case .usage: ("The command was not understood.", "`fnrun help COMMAND`.")
        case .interrupted, .terminated:
            (
                "A signal stopped it, after what was in flight had ended.",
                "`--resume RESULTS` goes on where it stopped."
            )
        }
    }
}
