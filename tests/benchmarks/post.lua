-- For wrk: each request is the next piece of a file, all of one size, built and signed beforehand.
local file, size, last

function init(arguments)
  file = assert(io.open(arguments[1], "rb"))
  size = tonumber(arguments[2])
end

function request()
  local made = file:read(size)
  if made == nil or #made < size then -- nothing is left: what is said twice is not counted as more
    wrk.thread:stop()
    return last
  end
  last = made
  return made
end

function done(summary, latency, requests)
  local wrong = summary.errors
  io.write(string.format(
    '\n{"accepted": %d, "refused": %d, "seconds": %f, "p50": %f, "p99": %f}\n',
    summary.requests - wrong.status,
    wrong.status + wrong.connect + wrong.read + wrong.write + wrong.timeout,
    summary.duration / 1e6, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3
  ))
end
