"""A daemon of fnrun's (`fnrun schedule`), and the sandbox that its jobs call."""
import contextlib
import json
import os
import select
import signal
import socket
import subprocess
import time
import urllib.request


class Child:
    """A process of fnrun's that serves until it is stopped. Use it in a `with`."""

    # Seconds that it may take to start, and to end.
    patience = 60

    def __init__(self, folder, name, command, environment=None):
        self.name = name
        self.command = [str(part) for part in command]
        self.environment = environment or {}
        self.folder = folder
        self.log = folder / f"{name}.log"
        self.process = None

    def __enter__(self):
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(
                self.command, cwd=self.folder, env={**os.environ, **self.environment}, stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE, stderr=log, start_new_session=True)
        try:
            self.started()
        except BaseException:
            self.kill()
            raise
        return self

    def __exit__(self, *_):
        self.kill()

    def started(self):
        """Waits until it serves."""

    def stop(self):
        """Ends it as a service manager does; returns its exit code."""
        self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(self.patience)
        except subprocess.TimeoutExpired:
            raise self.failure(f"does not end within {self.patience} s") from None
        finally:
            self.kill()

    def kill(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self.process.stdout.close()

    def failure(self, what):
        return RuntimeError(f"{' '.join(self.command)} {what}:\n{self.log.read_text(errors='replace')[-2000:]}")

    def cpu(self):
        """Seconds of CPU that it has taken so far, of all its threads."""
        # The clock of a process by its id, as clock_getcpuclockid(3) makes it.
        return time.clock_gettime(~self.process.pid << 3 | 2)

    def peak(self):
        """The most memory that it has had, in bytes."""
        with open(f"/proc/{self.process.pid}/status", encoding="ascii") as status:
            return next(int(line.split()[1]) * 1024 for line in status if line.startswith("VmHWM:"))


class Sandbox(Child):
    """`fnrun sandbox`: answers each invocation with its payload."""

    def __init__(self, fnrun, folder):
        super().__init__(folder, "sandbox", [fnrun, "sandbox", "--port", 0, "--format", "json"])

    def started(self):
        ready, _, _ = select.select([self.process.stdout], [], [], self.patience)
        line = self.process.stdout.readline() if ready else b""
        if not line:
            raise self.failure("does not start")
        self.announcement = json.loads(line)

    def account(self):
        """What a job file says of it."""
        known = self.announcement
        return (
            f"{{ id: {known['account']}, clientId: {known['clientId']}, clientSecret: {known['clientSecret']}, "
            f"endpoints: {{ domainApi: \"{known['domainApi']}\" }} }}")

    def executed(self):
        """How often functions ran so far. Raises RuntimeError if it saw a deviation from the protocol."""
        with urllib.request.urlopen(self.announcement["stats"], timeout=10) as answer:
            stats = json.load(answer)
        if stats["deviationCount"]:
            raise RuntimeError(f"the sandbox saw {stats['deviationCount']} deviations: {stats['deviations'][:3]}")
        return stats["invocations"]["executed"]


class Daemon(Child):
    """`fnrun schedule` over a folder of job files, with its state in another."""

    def __init__(self, fnrun, folder, jobs, state):
        self.address = folder / "notify"
        super().__init__(
            folder, "daemon", [fnrun, "schedule", jobs, "--state", state, "--shutdown-timeout", "30s"],
            {"NOTIFY_SOCKET": str(self.address)})
        # Seconds from its start until it said that it is ready (sd_notify(3)).
        self.ready_after = None

    def __enter__(self):
        with contextlib.suppress(FileNotFoundError):
            self.address.unlink()
        self.begin = None
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notifications:
            notifications.bind(str(self.address))
            notifications.settimeout(0.1)
            self.notifications = notifications
            self.begin = time.monotonic()
            return super().__enter__()

    def started(self):
        while time.monotonic() < self.begin + self.patience:
            with contextlib.suppress(TimeoutError):
                message = self.notifications.recv(4096)
                if b"READY=1" in message.split(b"\n"):
                    self.ready_after = time.monotonic() - self.begin
                    return
            if self.process.poll() is not None:
                break
        raise self.failure("does not become ready")

    def stop(self):
        code = super().stop()
        if code != 0:
            raise self.failure(f"ended with {code}")
