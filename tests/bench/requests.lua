-- wrk: sends whole requests of a file, chosen at random: `requests.lua FILE [count]`. The file has, for each, its length
-- in a line and then its bytes. With `count` the answers are counted by their status, and those that set a cookie.
local threads = {}

function setup(thread)
  table.insert(threads, thread)
  thread:set("id", #threads)
end

local function read_requests(path)
  local all, file = {}, assert(io.open(path, "rb"))
  for length in file:lines() do
    all[#all + 1] = file:read(tonumber(length))
    file:read(1)
  end
  file:close()
  return all
end

local function count(status, headers)
  answers[status] = (answers[status] or 0) + 1
  if headers["Set-Cookie"] then cookies = cookies + 1 end
end

function init(args)
  math.randomseed(os.time() + id)
  answers, cookies = {}, 0
  requests = read_requests(args[1])
  if args[2] == "count" then response = count end
end

function request()
  return requests[math.random(#requests)]
end

function done()
  local sum, with_cookie = {}, 0
  for _, thread in ipairs(threads) do
    for status, number in pairs(thread:get("answers")) do
      sum[status] = (sum[status] or 0) + number
    end
    with_cookie = with_cookie + thread:get("cookies")
  end
  for status, number in pairs(sum) do
    io.write(string.format("status %d: %d\n", status, number))
  end
  io.write(string.format("cookies: %d\n", with_cookie))
end
