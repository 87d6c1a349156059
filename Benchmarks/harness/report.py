"""Medians, ratios and their targets, as Markdown."""
import dataclasses
import statistics


@dataclasses.dataclass
class Target:
    """A ratio of two clients that must not be missed."""

    what: str
    client: str
    other: str
    figure: str
    bound: float
    # Whether the ratio must be at least, not at most, the bound.
    is_floor: bool

    def ratios(self, runs):
        """Of each repetition, whose runs are nearer each other in time than those of different ones."""
        pairs = zip(runs.get(self.client, []), runs.get(self.other, []))
        return [one[self.figure] / other[self.figure] for one, other in pairs]

    def is_met(self, ratio):
        return ratio >= self.bound if self.is_floor else ratio <= self.bound


TARGETS = [
    Target("throughput, against hey", "fnrun", "hey", "rate", 1.0, True),
    Target("CPU per invocation, against hey", "fnrun", "hey", "cpu", 1.0, False),
    Target("throughput, against xargs and curl", "fnrun", "xargs + curl", "rate", 20, True),
    Target("throughput with late answers, against wrk", "fnrun, late answers", "wrk, late answers", "rate", 0.97, True),
]


def figures(usage, count):
    """The figures of one run."""
    return {
        "invocations": count, "wall": usage.wall, "user": usage.user, "system": usage.system, "peak": usage.peak,
        "rate": count / usage.wall, "cpu": (usage.user + usage.system) / count * 1e6,
    }


def table(runs):
    """Medians of all runs, and between what rates lay."""
    lines = [
        "| client | invocations | wall, s | per second | lowest, highest | CPU µs per invocation | of it in the kernel "
        "| peak memory, MB |",
        "|---|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for name, all_runs in runs.items():
        def median(figure):
            return statistics.median(figure(run) for run in all_runs)

        rates = [run["rate"] for run in all_runs]
        columns = [
            name,
            f"{median(lambda run: run['invocations']):,.0f}",
            f"{median(lambda run: run['wall']):.2f}",
            f"{median(lambda run: run['rate']):,.0f}",
            f"{min(rates):,.0f}, {max(rates):,.0f}",
            f"{median(lambda run: run['cpu']):,.1f}",
            f"{median(lambda run: run['system'] / run['invocations'] * 1e6):,.1f}",
            f"{median(lambda run: run['peak']) / 1e6:.1f}",
        ]
        lines.append(f"| {' | '.join(columns)} |")
    return lines


def targets(runs):
    """The ratios as a table, and whether all of them are as they should be."""
    lines = ["| fnrun's | ratio | lowest, highest | target | met |", "|---|--:|--:|--:|---|"]
    met = True
    for target in TARGETS:
        ratios = target.ratios(runs)
        if not ratios:
            continue
        ratio = statistics.median(ratios)
        met = met and target.is_met(ratio)
        sign = "≥" if target.is_floor else "≤"
        verdict = "yes" if target.is_met(ratio) else "**no**"
        lines.append(f"| {target.what} | {ratio:.3g} | {min(ratios):.3g}, {max(ratios):.3g} | {sign} {target.bound:g} | {verdict} |")
    return lines, met
