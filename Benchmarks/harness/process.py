"""Runs one client and tells what it took."""
import contextlib
import dataclasses
import os
import shutil
import signal
import subprocess
import threading
import time


@dataclasses.dataclass
class Usage:
    """What a process and those it waited for took, as wait4(2) and time(1) say."""

    wall: float  # seconds
    user: float  # seconds
    system: float  # seconds
    peak: int  # bytes, of the largest one of the processes
    output: str


def run(command, environment, folder, limit):
    """Runs a command to its end.

    Raises RuntimeError if it fails or takes longer than `limit` seconds. It is ended together with its children if
    it takes too long, and also if this process is interrupted.
    """
    # Pages that the one before has left to be written must not weigh on this one.
    os.sync()
    stdout, stderr, peak = folder / "stdout", folder / "stderr", folder / "peak"
    # The kernel counts the memory of whoever started a program as the program's own: time(1) has next to none.
    command = [str(part) for part in (shutil.which("time"), "--format", "%M", "--output", peak, *command)]
    with open(stdout, "wb") as out, open(stderr, "wb") as err:
        start = time.monotonic()
        process = subprocess.Popen(
            command, env={**os.environ, **environment}, cwd=folder, stdin=subprocess.DEVNULL, stdout=out, stderr=err,
            start_new_session=True)
        is_late = threading.Event()

        def end_late():
            is_late.set()
            os.killpg(process.pid, signal.SIGKILL)

        timer = threading.Timer(limit, end_late)
        timer.start()
        try:
            _, status, usage = os.wait4(process.pid, 0)
            wall = time.monotonic() - start
            process.returncode = os.waitstatus_to_exitcode(status)
        finally:
            timer.cancel()
            if process.returncode is None:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
                process.wait()
    if process.returncode != 0:
        why = f"took more than {limit} s" if is_late.is_set() else f"ended with {process.returncode}"
        raise RuntimeError(f"{' '.join(command)} {why}:\n{stderr.read_text(errors='replace')[-2000:]}")
    memory = int(peak.read_text().split()[-1]) * 1024
    return Usage(wall, usage.ru_utime, usage.ru_stime, memory, stdout.read_text(errors="replace"))
