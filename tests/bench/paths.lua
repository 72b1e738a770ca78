-- Requests of a file, one path a line, one after the other, for wrk.
local paths = {}
for line in io.lines(os.getenv("PATHS")) do paths[#paths + 1] = line end
local turn = 0
local headers = { ["Accept"] = os.getenv("ACCEPT") }
request = function()
  turn = turn % #paths + 1
  return wrk.format("GET", paths[turn], headers)
end
