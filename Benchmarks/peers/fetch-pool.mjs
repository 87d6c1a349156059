// Node: a pool of workers over one stream of rows, each awaiting fetch. No retries, no records but the answers.
import { randomUUID } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { createInterface } from "node:readline";
import { finished } from "node:stream/promises";

const { BENCHMARK_ROWS, BENCHMARK_ANSWERS, BENCHMARK_URL, BENCHMARK_TOKEN, BENCHMARK_CONCURRENCY } = process.env;
const rows = createInterface({ input: createReadStream(BENCHMARK_ROWS) })[Symbol.asyncIterator]();
const answers = createWriteStream(BENCHMARK_ANSWERS);

function payload(row) {
    return {
        customerId: row.id,
        name: `${row.firstName} ${row.lastName}`,
        email: row.email.toLowerCase(),
        tier: row.tier || "basic",
        balance: row.balance,
        active: row.active,
        city: row.address.city,
        tags: row.tags,
    };
}

async function work() {
    for (let next = await rows.next(); !next.done; next = await rows.next()) {
        const response = await fetch(BENCHMARK_URL, {
            method: "POST",
            headers: {
                Authorization: `Bearer ${BENCHMARK_TOKEN}`,
                "Content-Type": "application/json",
                "X-Request-ID": randomUUID(),
            },
            body: JSON.stringify({ timestamp: Date.now(), headers: [], payload: payload(JSON.parse(next.value)) }),
        });
        const text = await response.text();
        if (!response.ok) throw new Error(`status ${response.status}: ${text}`);
        answers.write(text + "\n");
    }
}

await Promise.all(Array.from({ length: Number(BENCHMARK_CONCURRENCY) }, work));
answers.end();
await finished(answers);
