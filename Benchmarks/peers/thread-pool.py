"""Python: a pool of threads over one file of rows, each with a connection that it keeps."""
import http.client
import json
import os
import threading
import time
import urllib.parse
import uuid

url = urllib.parse.urlsplit(os.environ["BENCHMARK_URL"])
token = os.environ["BENCHMARK_TOKEN"]
path = f"{url.path}?{url.query}"
reading, writing = threading.Lock(), threading.Lock()
failures = []


def payload(row):
    return {
        "customerId": row["id"],
        "name": f"{row['firstName']} {row['lastName']}",
        "email": row["email"].lower(),
        "tier": row["tier"] or "basic",
        "balance": row["balance"],
        "active": row["active"],
        "city": row["address"]["city"],
        "tags": row["tags"],
    }


def work(rows, answers):
    connection = http.client.HTTPConnection(url.netloc)
    try:
        while True:
            with reading:
                line = rows.readline()
            if not line:
                return
            body = {"timestamp": int(time.time() * 1000), "headers": [], "payload": payload(json.loads(line))}
            headers = {
                "Authorization": f"Bearer {token}",
                "Content-Type": "application/json",
                "X-Request-ID": str(uuid.uuid4()),
            }
            connection.request("POST", path, json.dumps(body), headers)
            response = connection.getresponse()
            answer = response.read()
            if response.status != 200:
                raise RuntimeError(f"status {response.status}: {answer}")
            with writing:
                answers.write(answer + b"\n")
    except Exception as failure:
        failures.append(failure)


with open(os.environ["BENCHMARK_ROWS"], "rb") as rows, open(os.environ["BENCHMARK_ANSWERS"], "wb") as answers:
    threads = [
        threading.Thread(target=work, args=(rows, answers)) for _ in range(int(os.environ["BENCHMARK_CONCURRENCY"]))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
if failures:
    raise SystemExit(f"{len(failures)} threads failed, the first with: {failures[0]!r}")
