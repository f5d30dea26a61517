-- Asks for the documents in turn, as a client that takes gzip; prints what came of it as one line of JSON.
local documents = 12
local turn = 0

function setup(thread)
   thread:set("offset", turn)
   turn = turn + 5
end

function init(args)
   wrk.headers["Accept-Encoding"] = "gzip"
   turn = offset
end

function request()
   turn = turn + 1
   return wrk.format(nil, "/" .. (turn % documents) .. ".json")
end

function done(summary, latency, requests)
   local errors = summary.errors
   local failed = errors.connect + errors.read + errors.write + errors.status + errors.timeout
   local seconds = summary.duration / 1e6
   io.write(string.format(
      '{"requests": %d, "per_s": %.3f, "p95_ms": %.4f, "p99_ms": %.4f, "response_bytes": %.2f}\n',
      summary.requests, summary.requests / seconds, latency:percentile(95) / 1e3, latency:percentile(99) / 1e3,
      summary.bytes / summary.requests))
   if failed > 0 then
      io.stderr:write(failed .. " of the requests failed\n")
      os.exit(1)
   end
end
