"""What schedules are measured by. Each trial checks the work that was done and returns its figures."""
import collections
import dataclasses
import datetime
import json
import math
import pathlib
import statistics
import sys
import tempfile
import time

from harness import daemon, jobs, process

SYNCED_WRITES = pathlib.Path(__file__).resolve().parent.parent / "peers" / "synced-writes.py"
# A file system without a disk (shm_overview(7)).
MEMORY = "/dev/shm"

# Of jobs that are only looked at.
NOBODY = "{ id: nobody, clientId: nobody, clientSecret: nobody }"
MEBIBYTE = 2**20


@dataclasses.dataclass
class Figure:
    """Something measured, perhaps several times, and the bound below which its median has to be."""

    what: str
    values: list
    unit: str
    # None if it is for information.
    bound: float | None = None
    # The same of a program that only waits for the machine: where that misses the bound, it does not judge fnrun.
    floor: float | None = None

    @property
    def value(self):
        return statistics.median(self.values)

    @property
    def is_met(self):
        """None if there is no bound, or the machine does not allow to say."""
        if self.bound is None:
            return None
        if self.value < self.bound:
            return True
        return None if self.floor is not None and self.floor >= self.bound else False


@dataclasses.dataclass
class Sizes:
    """How much is measured."""

    load: int = 100_000
    firings: int = 1_000
    seconds: int = 60
    plan: int = 10_000
    simulated: int = 100
    days: int = 365
    repetitions: int = 3

    @classmethod
    def quick(cls):
        return cls(load=1_000, firings=50, seconds=3, plan=100, simulated=3, days=10, repetitions=1)


class Trials:
    """The trials of one binary, in folders of their own below one."""

    def __init__(self, fnrun, folder, sizes):
        self.fnrun = fnrun
        self.folder = folder
        self.sizes = sizes

    def load(self):
        """Until many jobs are scheduled: with a ledger that does not know them, and with one that does."""
        count = self.sizes.load
        starts = []
        for repetition in range(self.sizes.repetitions):
            folder = self.fresh(f"load-{repetition}")
            with daemon.Sandbox(self.fnrun, folder) as sandbox:
                jobs.write(folder / "jobs", sandbox.account(), jobs.daily(count, time.time()))
                starts.append((self.started(folder, count), self.started(folder, count)))
        folder = self.fresh("load-plain")
        with daemon.Sandbox(self.fnrun, folder) as sandbox:
            jobs.write(folder / "jobs", sandbox.account(), jobs.daily(count, time.time()), payloads=False)
            plain = self.started(folder, count)
        return [
            Figure(f"{count:,} jobs, new to the ledger: ready after", [new[0] for new, _ in starts], "s", 3),
            Figure("known to the ledger: ready after", [known[0] for _, known in starts], "s", 3),
            Figure("peak memory", [peak for both in starts for _, peak in both], "MiB", 300),
            Figure("without payloads, new to the ledger: ready after", [plain[0]], "s"),
            Figure("peak memory", [plain[1]], "MiB"),
        ]

    def started(self, folder, count):
        """Seconds until a daemon was ready, and its peak memory in MiB."""
        with daemon.Daemon(self.fnrun, folder, folder / "jobs", folder / "state") as scheduler:
            # What was begun while it got ready counts as well.
            time.sleep(1)
            peak = scheduler.peak() / MEBIBYTE
            self.demand(f"scheduling {count} jobs" in scheduler.log.read_text(), "all jobs scheduled")
            scheduler.stop()
        return scheduler.ready_after, peak

    def spread(self):
        """Each job every second, spread over it by `phase`: on disk, between two turns of the peer, and in memory."""
        count, seconds = self.sizes.firings, self.sizes.seconds
        folder = self.fresh("spread")
        peers = [self.synced_writes(folder / "before")]
        window, others, cpu, peak = self.fired(folder)
        peers.append(self.synced_writes(folder / "after"))
        with tempfile.TemporaryDirectory(prefix="fnrun-benchmark-", dir=MEMORY) as memory:
            in_memory, others_in_memory, _, _ = self.fired(pathlib.Path(memory))
        lateness, lateness_in_memory = (
            sorted(entry["latenessMs"] for entry in entries) for entries in (window, in_memory))
        sent = sorted(1000 * waited for waited in self.until_sent(folder, window))
        floors = [percentile(waits, 99) for waits in peers]
        return [
            Figure(f"{count:,} firings a second for {seconds} s: lateness, p50", [percentile(lateness, 50)], "ms"),
            Figure("lateness, p99", [percentile(lateness, 99)], "ms", 5, max(floors)),
            Figure("lateness, highest", [lateness[-1]], "ms"),
            Figure("peer, before and after, p50", [percentile(waits, 50) for waits in peers], "ms"),
            Figure("peer, p99", floors, "ms"),
            Figure("in memory: lateness, p99", [percentile(lateness_in_memory, 99)], "ms", 5),
            Figure("occurrences that did not run, or failed", [others + others_in_memory], "", 1),
            Figure("until the request is made, p50", [percentile(sent, 50)], "ms"),
            Figure("until the request is made, p99", [percentile(sent, 99)], "ms"),
            Figure("CPU per firing", [cpu / seconds / count * 1e6], "µs"),
            Figure("peak memory", [peak / MEBIBYTE], "MiB"),
        ]

    def fired(self, folder):
        """Runs the jobs of `spread`: entries of what ran, how many did not, seconds of CPU, peak memory in bytes."""
        count, seconds = self.sizes.firings, self.sizes.seconds
        with daemon.Sandbox(self.fnrun, folder) as sandbox:
            schedules = [f"every: 1s, phase: {number * 1000 // count}ms" for number in range(count)]
            jobs.write(folder / "jobs", sandbox.account(), schedules)
            with daemon.Daemon(self.fnrun, folder, folder / "jobs", folder / "state") as scheduler:
                begin = math.ceil(time.time() + 2)
                sleep_until(begin)
                before = scheduler.cpu()
                sleep_until(begin + seconds)
                used = scheduler.cpu() - before
                time.sleep(1)
                peak = scheduler.peak()
                scheduler.stop()
            window, others = self.ran(folder, begin, begin + seconds, count * seconds, sandbox)
        return window, others, used, peak

    def synced_writes(self, folder):
        """What the peer of `spread` waits, in ms and ascending, in half its time."""
        folder.mkdir()
        count, seconds = self.sizes.firings, max(1, self.sizes.seconds // 2)
        waits = json.loads(process.run([sys.executable, SYNCED_WRITES, folder, count, seconds], {}, folder, 300).output)
        self.demand(len(waits) == count * seconds, f"{count * seconds} claims, not {len(waits)}")
        return sorted(waits)

    def instant(self):
        """All jobs at one instant, several times."""
        count = self.sizes.firings
        # The first of them finds no result file; the others find the first one's.
        period, times = 10, 1 + self.sizes.repetitions
        folder = self.fresh("instant")
        with daemon.Sandbox(self.fnrun, folder) as sandbox:
            jobs.write(folder / "jobs", sandbox.account(), [f"every: {period}s"] * count)
            # Not while it loads.
            sleep_until(math.ceil(time.time() / period) * period + 1)
            with daemon.Daemon(self.fnrun, folder, folder / "jobs", folder / "state") as scheduler:
                begin = math.ceil(time.time() / period) * period
                sleep_until(begin + (times - 1) * period + period / 2)
                scheduler.stop()
            entries, others = self.ran(folder, begin, begin + times * period, count * times, sandbox)
        started, sent = [], []
        for time_of in range(begin, begin + times * period, period):
            some = [entry for entry in entries if seconds_of(entry["nominalTime"]) == time_of]
            self.demand(some, "some that ran at each instant")
            started.append(max(entry["latenessMs"] for entry in some))
            sent.append(1000 * max(self.until_sent(folder, some)))
        return [
            Figure(f"{count:,} due at one instant: the last is started after", started, "ms", 100),
            Figure("occurrences that did not run, or failed", [others], "", 1),
            Figure("the last request is made after", sent, "ms"),
        ]

    def idle(self):
        """Jobs of which none is due."""
        count, seconds = self.sizes.firings, self.sizes.seconds
        folder = self.fresh("idle")
        with daemon.Sandbox(self.fnrun, folder) as sandbox:
            jobs.write(folder / "jobs", sandbox.account(), jobs.daily(count, time.time()))
            with daemon.Daemon(self.fnrun, folder, folder / "jobs", folder / "state") as scheduler:
                time.sleep(2)
                before, begin = scheduler.cpu(), time.monotonic()
                time.sleep(seconds)
                share = (scheduler.cpu() - before) / (time.monotonic() - begin)
                scheduler.stop()
        self.demand(not self.history(folder), "no occurrence")
        return [Figure(f"{count:,} jobs, none due for {seconds} s: share of a core", [100 * share], "%", 0.5)]

    def plan(self):
        """What `plan` prints for a day."""
        count = self.sizes.plan
        folder = self.fresh("plan")
        names = jobs.write(folder / "jobs", NOBODY, jobs.hourly(count))
        usages = [
            self.run(folder, "plan", folder / "jobs", "--from", "2027-01-01T00:00:00Z", "--to", "2027-01-02T00:00:00Z")
            for _ in range(1 + self.sizes.repetitions)]
        lines = usages[-1].output.splitlines()[1:]
        self.demand(len(lines) == 24 * count, f"{24 * count} lines, not {len(lines)}")
        columns = [line.split() for line in lines]
        self.demand(collections.Counter(column[2] for column in columns) == dict.fromkeys(names, 24), "24 of each job")
        self.demand([column[1] for column in columns] == sorted(column[1] for column in columns), "sorted lines")
        # The first one has read the program and the zones from the disk.
        return self.figures(f"plan of {count:,} hourly jobs for a day, {len(lines):,} lines", usages[1:], 1)

    def simulate(self):
        """What `simulate` needs for a year."""
        count, days = self.sizes.simulated, self.sizes.days
        folder = self.fresh("simulate")
        jobs.write(folder / "jobs", NOBODY, jobs.hourly(count))
        usages = [
            self.run(folder, "simulate", folder / "jobs", "--from", "2027-01-01T00:00:00Z", "--for", f"{days}d",
                     "--format", "json")
            for _ in range(self.sizes.repetitions)]
        runs = json.loads(usages[-1].output)["runs"]
        self.demand(runs == 24 * days * count, f"{24 * days * count} runs, not {runs}")
        return self.figures(f"simulate {count} hourly jobs for {days} days, {runs:,} runs", usages, 5)

    @staticmethod
    def figures(what, usages, bound):
        return [
            Figure(what, [usage.wall for usage in usages], "s", bound),
            Figure("peak memory", [usage.peak / MEBIBYTE for usage in usages], "MiB"),
        ]

    def fresh(self, name):
        folder = self.folder / name
        folder.mkdir()
        return folder

    def run(self, folder, *arguments):
        return process.run([self.fnrun, *arguments], {}, folder, 300)

    def history(self, folder):
        """All entries of the ledger; none is there twice."""
        output = self.run(folder, "history", "--state", folder / "state", "--format", "json").output
        entries = json.loads(output)
        self.demand(len({entry["occurrence"] for entry in entries}) == len(entries), "each occurrence once")
        return entries

    def ran(self, folder, begin, end, count, sandbox):
        """The entries of what ran from one nominal time to before another, and how many did not run or not succeed.

        The ledger accounts for so many; functions ran once for each success that it knows.
        """
        entries = self.history(folder)
        successes = [entry for entry in entries if entry.get("result") == "succeeded"]
        executed = sandbox.executed()
        self.demand(executed == len(successes), f"{len(successes)} invocations, not {executed}")
        fates = collections.Counter()
        for entry in entries:
            fate = f"{entry['state']} {entry.get('result') or entry.get('reason', '')}".strip()
            fates[fate] += sum(begin <= moment < end for moment in moments(entry))
        print(f"schedule: {', '.join(f'{fate}: {number}' for fate, number in fates.items())}", file=sys.stderr)
        self.demand(fates.total() == count, f"{count} occurrences in the ledger, not {fates.total()}")
        good = [entry for entry in successes if begin <= seconds_of(entry["nominalTime"]) < end]
        self.demand(good, "some that ran")
        return good, count - len(good)

    def until_sent(self, folder, entries):
        """Seconds from the nominal times of entries until the first attempt of their invocations began."""
        nominal = {entry["runId"]: seconds_of(entry["nominalTime"]) for entry in entries}
        waited = {}
        for path in folder.glob("jobs/results/*/*.jsonl"):
            with open(path, encoding="utf-8") as file:
                for record in map(json.loads, file):
                    if record["type"] == "invocation" and record["runId"] in nominal:
                        self.demand(record["runId"] not in waited, "one record for each run")
                        waited[record["runId"]] = seconds_of(record["startedAt"]) - nominal[record["runId"]]
        self.demand(len(waited) == len(entries), f"a record for each of {len(entries)} runs, not {len(waited)}")
        return waited.values()

    @staticmethod
    def demand(holds, what):
        if not holds:
            raise RuntimeError(f"expected {what}")


def sleep_until(moment):
    """By the wall clock, which schedules follow."""
    time.sleep(max(0, moment - time.time()))


def seconds_of(text):
    """An RFC 3339 time in seconds since the epoch."""
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


def moments(entry):
    """The nominal times that an entry stands for, of a job whose period does not change; to the millisecond."""
    first, count = seconds_of(entry["nominalTime"]), entry.get("count", 1)
    if count == 1:
        return [first]
    period = (seconds_of(entry["lastNominalTime"]) - first) / (count - 1)
    return [round(first + number * period, 3) for number in range(count)]


def percentile(ascending, percent):
    """By nearest rank."""
    return ascending[max(0, math.ceil(len(ascending) * percent / 100) - 1)]
