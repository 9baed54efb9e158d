-- Adds to counters, all or none, once for each step of a lane.
-- KEYS 1 the lane (string: its last step, PX)  2 the counters (hash name -> integer)
-- ARGV 1 step  2 how long the lane is remembered, ms  3.. name, what is added, name, …
-- Reply: 1; 0 if the step was done before; an error naming the counter that cannot be added to
local last = redis.call('GET', KEYS[1])
if last and tonumber(last) >= tonumber(ARGV[1]) then return 0 end

-- what HINCRBY takes
local function isInteger(value)
  local digits = value == '0' and '0' or value:match('^%-?([1-9]%d*)$')
  if not digits or #digits > 19 then return false end
  local most = value:sub(1, 1) == '-' and '9223372036854775808' or '9223372036854775807'
  return #digits < 19 or digits <= most
end

local names = {}
for i = 3, #ARGV, 2 do names[#names + 1] = ARGV[i] end
if #names > 0 then
  local values = redis.call('HMGET', KEYS[2], unpack(names))
  for i, value in ipairs(values) do
    if value and not isInteger(value) then
      return redis.error_reply('ERR counter ' .. names[i] .. ' holds no integer of 64 bits; nothing was added')
    end
    local delta = tonumber(ARGV[2 * i + 2])
    local sum = tonumber(value or '0') + delta
    if (sum > 9.2e18 and delta > 0) or (sum < -9.2e18 and delta < 0) then
      return redis.error_reply('ERR counter ' .. names[i] .. ' would leave the range of 64 bits; nothing was added')
    end
  end
end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
for i = 3, #ARGV, 2 do redis.call('HINCRBY', KEYS[2], ARGV[i], ARGV[i + 1]) end
return 1
