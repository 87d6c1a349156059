"""Job files with many jobs, and their schedules."""
import datetime
import random
import zoneinfo

LAMBDA = "6f91f192-c1df-40e0-94f9-8765fd70fd02"
ZONES = ("UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata")
# A file holds at most 1,000,000 values, and a job has about fifteen.
JOBS_PER_FILE = 10_000


def write(folder, account, schedules, payloads=True):
    """Writes a job for each schedule into files of a new folder; returns the names of the jobs.

    No two payloads are alike.
    """
    folder.mkdir()
    names = [f"job-{number:06}" for number in range(len(schedules))]
    for first in range(0, len(names), JOBS_PER_FILE):
        some = slice(first, first + JOBS_PER_FILE)
        with open(folder / f"jobs-{first:06}.yaml", "w", encoding="utf-8") as file:
            file.write(f"version: 1\naccount: {account}\nlambdas:\n  work: {LAMBDA}\njobs:\n")
            for number, (name, schedule) in enumerate(zip(names[some], schedules[some]), first):
                payload = f", payload: {{ job: \"{{{{ job.name }}}}\", number: {number} }}" if payloads else ""
                file.write(f"  {name}: {{ lambda: work, schedule: {{ {schedule} }}{payload} }}\n")
    return names


def daily(count, now):
    """Once a day each, half of them by `cron` in several zones, half by `every`; none within an hour of `now`."""
    random_numbers = random.Random(1)
    schedules = []
    for number in range(count):
        second = int(now + random_numbers.uniform(3600, 23 * 3600))
        if number % 2:
            schedules.append(f"every: 24h, phase: {second % 86_400}s")
        else:
            zone = ZONES[number // 2 % len(ZONES)]
            local = datetime.datetime.fromtimestamp(second, zoneinfo.ZoneInfo(zone))
            schedules.append(f"cron: \"{local.minute} {local.hour} * * *\", timeZone: {zone}")
    return schedules


def hourly(count):
    """Each hour, at all minutes, in several zones."""
    return [f"cron: \"{number % 60} * * * *\", timeZone: {ZONES[number % len(ZONES)]}" for number in range(count)]
