-- Requests of a file, one a line, one after the other, for wrk; what it measured, on one line.
-- A line is a path, or a path, a tab and a form to post.
local requests = {}
local turn = 0
init = function()
  for line in io.lines(os.getenv("PATHS")) do
    local path, form = line:match("^([^\t]*)\t(.*)$")
    local headers = { ["Accept"] = os.getenv("ACCEPT") }
    if form then headers["Content-Type"] = "application/x-www-form-urlencoded" end
    requests[#requests + 1] = wrk.format(form and "POST" or "GET", path or line, headers, form)
  end
end
request = function()
  turn = turn % #requests + 1
  return requests[turn]
end
done = function(summary, latency)
  io.write(string.format("measured %d requests %d us %d failed half %d most %d\n", summary.requests, summary.duration,
    summary.errors.status, latency:percentile(50), latency:percentile(99)))
end
