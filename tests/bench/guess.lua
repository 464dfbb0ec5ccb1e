-- wrk: guesses passwords, half of them for roy, half for names that nobody has, and counts the
-- answers by their status.
local threads = {}

function setup(thread)
  table.insert(threads, thread)
  thread:set("id", #threads)
end

function init()
  math.randomseed(os.time() + id)
  answers = {}
  wrk.headers["Content-Type"] = "application/json"
end

function request()
  local name = math.random(2) == 1 and "roy" or "nobody" .. math.random(1000000)
  local body = string.format('{"username":"%s","password":"guess%d"}', name, math.random(1000000000))
  return wrk.format("POST", nil, nil, body)
end

function response(status)
  answers[status] = (answers[status] or 0) + 1
end

function done()
  local sum = {}
  for _, thread in ipairs(threads) do
    for status, count in pairs(thread:get("answers")) do
      sum[status] = (sum[status] or 0) + count
    end
  end
  for status, count in pairs(sum) do
    io.write(string.format("status %d: %d\n", status, count))
  end
end
