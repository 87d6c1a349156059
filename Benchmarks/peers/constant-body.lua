-- wrk: the same POST over and over; the totals as one line of JSON at the end.
wrk.method = "POST"
wrk.headers["Authorization"] = "Bearer " .. os.getenv("BENCHMARK_TOKEN")
wrk.headers["Content-Type"] = "application/json"
wrk.headers["X-Request-ID"] = "00000000-0000-4000-8000-000000000000"
local file = assert(io.open(os.getenv("BENCHMARK_BODY"), "rb"))
wrk.body = file:read("*a")
file:close()

function done(summary, latency, requests)
    local errors = summary.errors
    io.write(string.format(
        '{"requests":%d,"microseconds":%d,"failed":%d}\n', summary.requests, summary.duration,
        errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
