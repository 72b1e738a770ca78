-- Requests of a file, one path a line, one after the other, for wrk; what it measured, on one line.
local paths = {}
for line in io.lines(os.getenv("PATHS")) do paths[#paths + 1] = line end
local turn = 0
local headers = { ["Accept"] = os.getenv("ACCEPT") }
request = function()
  turn = turn % #paths + 1
  return wrk.format("GET", paths[turn], headers)
end
done = function(summary, latency)
  io.write(string.format("measured %d requests %d us %d failed half %d most %d\n", summary.requests, summary.duration,
    summary.errors.status, latency:percentile(50), latency:percentile(99)))
end
