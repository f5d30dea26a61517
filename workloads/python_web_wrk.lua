-- Asks a different question each time; prints what came of it as one line of JSON.
local turn = 0

function request()
   turn = turn + 1
   return wrk.format("GET", "/?" .. turn)
end

function done(summary, latency, requests)
   local errors = summary.errors
   local failed = errors.connect + errors.read + errors.write + errors.status + errors.timeout
   io.write(string.format(
      '{"requests": %d, "per_s": %.3f, "p50_ms": %.4f, "p95_ms": %.4f}\n',
      summary.requests, summary.requests * 1e6 / summary.duration,
      latency:percentile(50) / 1e3, latency:percentile(95) / 1e3))
   if failed > 0 then
      io.stderr:write(failed .. " of the requests failed\n")
      os.exit(1)
   end
end
