-- Sends every request of a file once over all connections and stops when each has its answer.
-- `wrk -s drive.lua URL -- FILE`. One wrk thread. Prints "finished" when the last answer is in,
-- and one line of JSON at the end.

local ffi = require("ffi")
ffi.cdef[[
  typedef struct { long seconds; long micros; } moment;
  int gettimeofday(moment *now, void *zone);
]]

local function micros()
  local now = ffi.new("moment")
  ffi.C.gettimeofday(now, nil)
  return tonumber(now.seconds) * 1e6 + tonumber(now.micros)
end

local requests, sent, answered, failed, empty, first, last = {}, 0, 0, 0, 0, nil, nil
local samples, asked = {}, false
me = nil

function setup(thread)
  me = thread
end

function init(args)
  local file = assert(io.open(args[1], "rb"))
  while true do
    local length = file:read(8)
    if not length then break end
    requests[#requests + 1] = file:read(tonumber(length))
  end
  file:close()
end

-- Before it begins, wrk asks once for a sample, which it does not send.
function request()
  if not asked then
    asked = true
    return requests[1]
  end
  first = first or micros()
  sent = sent + 1
  return requests[sent]
end

-- What is not there cannot be sent: the connection waits until all the others are done.
function delay()
  if sent >= #requests then return 3600000 end
  return 0
end

function response(status, headers, body)
  answered = answered + 1
  if status ~= 200 then failed = failed + 1 end
  if not string.find(body, "<Encrypt>", 1, true) then empty = empty + 1 end
  if answered % 97 == 0 then samples[#samples + 1] = body end
  if answered == #requests then
    last = micros()
    result = string.format(
      '"sent":%d,"answered":%d,"failed":%d,"empty":%d,"micros":%d', sent, answered, failed,
      empty, last - first)
    sampled = table.concat(samples, "\0")
    wrk.thread:stop()
    io.stdout:write("finished\n")
    io.stdout:flush()
  end
end

function done(summary, latency, requests)
  local e = summary.errors
  local out = assert(io.open(os.getenv("BENCH_SAMPLES"), "wb"))
  out:write(me:get("sampled") or "")
  out:close()
  io.stdout:write(string.format('{%s,"broken":%d,"p50":%d,"p99":%d,"max":%d}\n',
    me:get("result") or '"sent":0',
    e.connect + e.read + e.write + e.timeout, latency:percentile(50), latency:percentile(99),
    latency.max))
end
