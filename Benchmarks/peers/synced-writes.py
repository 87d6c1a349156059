"""Does nothing but write and sync what firings need on disk: a claim of each, and two records in a file of its job.

Each job fires once a second, at a moment of its own. As in fnrun's ledger, one claim serves all that have come due, and
what comes due during its sync waits for the next one. Prints by how many milliseconds each was late when its claim was on
disk.
"""
import json
import multiprocessing
import os
import pathlib
import sys
import threading
import time

WRITERS = 32
CLAIM, RECORD = bytes(8192), b"x" * 399 + b"\n"
# Claims go round in a file that does not grow, as SQLite's log.
CLAIMS = 512
BETWEEN_RECORDS = 0.0005


def append(path):
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
    try:
        os.write(file, RECORD)
        os.fdatasync(file)
        time.sleep(BETWEEN_RECORDS)
        os.write(file, RECORD)
        os.fdatasync(file)
    finally:
        os.close(file)


def write_records(folder, rate, seconds, begin):
    def work(first):
        for number in range(first, rate * seconds, WRITERS):
            sleep_until(begin + number / rate)
            append(folder / f"job-{number % rate}.jsonl")

    threads = [threading.Thread(target=work, args=(first,)) for first in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def claim(folder, rate, seconds, begin):
    """Returns by how many seconds each claim was late when it was on disk."""
    waits = []
    with open(folder / "claims", "wb", buffering=0) as file:
        file.write(CLAIM * CLAIMS)
        os.fsync(file.fileno())
        while len(waits) < rate * seconds:
            sleep_until(begin + len(waits) / rate)
            due = min(rate * seconds, int((time.monotonic() - begin) * rate) + 1)
            os.pwrite(file.fileno(), CLAIM, due % CLAIMS * len(CLAIM))
            os.fdatasync(file.fileno())
            now = time.monotonic()
            waits += [now - (begin + number / rate) for number in range(len(waits), due)]
    return waits


def sleep_until(moment):
    time.sleep(max(0, moment - time.monotonic()))


folder, rate, seconds = pathlib.Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
begin = time.monotonic() + 0.5
# Not threads of one process: they would wait for each other's turn with the interpreter.
records = multiprocessing.Process(target=write_records, args=(folder, rate, seconds, begin))
records.start()
waits = claim(folder, rate, seconds, begin)
records.join()
if records.exitcode != 0:
    raise SystemExit("the records could not be written")
json.dump([1000 * wait for wait in waits], sys.stdout)
