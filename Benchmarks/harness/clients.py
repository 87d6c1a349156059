"""The clients that are compared. Each knows how it is called and how many of its invocations went well."""
import dataclasses
import json
import re

from harness import process, rows, server

PEERS = server.HERE / "peers"


@dataclasses.dataclass
class Bench:
    """What all clients share."""

    fnrun: str
    # Of input, output and the server's files: on a real disk, since records are synced to it.
    folder: object
    server: server.Server
    concurrency: int
    # Connections to the server that answers late.
    connections: int

    def environment(self, delayed):
        port = self.port(delayed)
        return {
            "BENCHMARK_DOMAIN_API": f"http://127.0.0.1:{port}", "BENCHMARK_URL": self.server.url(port),
            "BENCHMARK_TOKEN": server.TOKEN, "BENCHMARK_CONCURRENCY": str(self.concurrency),
            "BENCHMARK_BODY": str(self.body), "BENCHMARK_ANSWERS": str(self.folder / "answers"),
        }

    def port(self, delayed=False):
        return self.server.delayed if delayed else self.server.immediate

    @property
    def body(self):
        """What hey and wrk send over and over."""
        return self.folder / "body.json"

    def input(self, count):
        """A file of so many rows; made when it is first asked for."""
        path = self.folder / f"rows-{count}.jsonl"
        if not path.exists():
            rows.write(path, count)
        return path

    def write_body(self, sample=1000):
        """Takes the body of average size among those that fnrun makes of the first rows; returns its size."""
        command = [self.fnrun, "replay", "job.yaml", "--job", "sync", "--from", self.input(sample), "--dry-run",
                   "--format", "json"]
        output = process.run(command, self.environment(False), self.folder, 60).output
        bodies = [line.split('"body":', 1)[1][:-1].encode() for line in output.splitlines()]
        mean = sum(map(len, bodies)) / len(bodies)
        body = min(bodies, key=lambda body: abs(len(body) - mean))
        self.body.write_bytes(body)
        return len(body)


class Client:
    """One line of the table. `measure` runs it once and returns its usage and how many invocations went well."""

    # Seconds after which a run counts as hung.
    limit = 300

    def __init__(self, name, rows=None, delayed=False):
        self.name = name
        # How many invocations must go well; None if the client runs for a time.
        self.rows = rows
        self.delayed = delayed

    def run(self, bench, command, **variables):
        environment = {**bench.environment(self.delayed), **variables}
        return process.run(command, environment, bench.folder, self.limit)


class Fnrun(Client):
    """`fnrun replay`: rows of a file, rendered, sent, recorded and synced to disk."""

    def measure(self, bench):
        results = bench.folder / "results.jsonl"
        results.unlink(missing_ok=True)
        concurrency = bench.connections if self.delayed else bench.concurrency
        usage = self.run(
            bench,
            [bench.fnrun, "replay", "job.yaml", "--job", "sync", "--from", bench.input(self.rows),
             "--output", results, "--concurrency", concurrency, "--progress", "none"])
        succeeded = self.verify(results)
        results.unlink()
        return usage, succeeded

    def verify(self, results):
        """Counts the rows with a record of success; each has exactly one."""
        seen = bytearray(self.rows)
        summary = {}
        with open(results, "rb") as file:
            for line in file:
                record = json.loads(line)
                if record["type"] == "invocation" and record["outcome"] == "succeeded":
                    if record["response"] != json.loads(server.ANSWER):
                        raise RuntimeError(f"row {record['index']} has another answer: {record['response']}")
                    seen[record["index"]] += 1
                elif record["type"] == "summary":
                    summary = record
        if max(seen) > 1:
            raise RuntimeError("a row has several records")
        if not summary.get("complete") or summary["rows"] != self.rows:
            raise RuntimeError(f"the summary does not tell of {self.rows} rows: {summary}")
        return sum(seen)


class Hey(Client):
    """hey: one constant body, no rows, no records. It uses all cores."""

    def measure(self, bench):
        usage = self.run(
            bench,
            ["hey", "-n", self.rows, "-c", bench.concurrency, "-m", "POST", "-T", "application/json",
             "-H", f"Authorization: Bearer {server.TOKEN}",
             "-H", "X-Request-ID: 00000000-0000-4000-8000-000000000000",
             "-D", bench.body, bench.server.url(bench.port())])
        answers = re.findall(r"^\s*\[(\d+)\]\s+(\d+) responses$", usage.output, re.MULTILINE)
        return usage, sum(int(count) for status, count in answers if status == "200")


class Wrk(Client):
    """wrk: one constant body for a fixed time. It shows what server and kernel give."""

    def __init__(self, name, seconds, delayed=False):
        super().__init__(name, delayed=delayed)
        self.seconds = seconds

    def measure(self, bench):
        connections = bench.connections if self.delayed else bench.concurrency
        usage = self.run(
            bench,
            ["wrk", "--threads", 2, "--connections", connections, "--duration", f"{self.seconds}s",
             "--timeout", "30s", "--script", PEERS / "constant-body.lua", bench.server.url(bench.port(self.delayed))])
        totals = json.loads(usage.output.splitlines()[-1])
        if totals["failed"]:
            raise RuntimeError(f"wrk: {totals['failed']} requests failed")
        # Its own clock leaves out its start and its end.
        usage.wall = totals["microseconds"] / 1e6
        return usage, totals["requests"]


class Script(Client):
    """A script of `peers/`: reads rows, sends them, writes the answers to a file."""

    def __init__(self, name, rows, *command):
        super().__init__(name, rows)
        self.command = [*command[:-1], PEERS / command[-1]]

    def measure(self, bench):
        answers = bench.folder / "answers"
        answers.unlink(missing_ok=True)
        usage = self.run(bench, self.command, BENCHMARK_ROWS=str(bench.input(self.rows)))
        # Processes that share a file may write two answers into one line.
        good = answers.read_bytes().count(server.ANSWER.encode())
        answers.unlink()
        return usage, good
