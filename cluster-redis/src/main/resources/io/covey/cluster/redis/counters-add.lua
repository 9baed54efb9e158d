-- Adds to counters, all or none, once for each step of a lane.
-- KEYS 1 the lane (string: its last step, PX)  2 the counters (hash name -> integer)
-- ARGV 1 step  2 how long the lane is remembered, ms  3.. name, what is added, name, …
-- Reply: 1; 0 if the step was done before
local last = redis.call('GET', KEYS[1])
if last and tonumber(last) >= tonumber(ARGV[1]) then return 0 end
local names = {}
for i = 3, #ARGV, 2 do names[#names + 1] = ARGV[i] end
if #names > 0 then
  local values = redis.call('HMGET', KEYS[2], unpack(names))
  for i, value in ipairs(values) do
    local sum = tonumber(value or '0') + tonumber(ARGV[2 * i + 2])
    if sum ~= sum or sum > 9.2e18 or sum < -9.2e18 then
      return redis.error_reply('ERR counter ' .. names[i] .. ' would leave the range of 64 bits; nothing was added')
    end
  end
end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
for i = 3, #ARGV, 2 do redis.call('HINCRBY', KEYS[2], ARGV[i], ARGV[i + 1]) end
return 1
