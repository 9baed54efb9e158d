-- Adds items to a list, all or none, once for each step of a lane, and removes at the other side what is too much.
-- KEYS 1 the lane (list: its last step, the answer; PX)  2 the list
-- ARGV 1 step  2 how long the lane is remembered, ms  3 RPUSH or LPUSH  4 the most items, 0 for any number
--      5 how long the list is kept from now, ms, 0 to leave that as it is  6.. the items
-- Reply: how long the list is then; of a repeated step the same again; 0 if a later step was done before
local last = redis.call('LINDEX', KEYS[1], 0)
if last and tonumber(last) >= tonumber(ARGV[1]) then
  return last == ARGV[1] and tonumber(redis.call('LINDEX', KEYS[1], 1)) or 0
end
local length = redis.call(ARGV[3], KEYS[2], unpack(ARGV, 6))
local most = tonumber(ARGV[4])
if most > 0 and length > most then
  if ARGV[3] == 'RPUSH' then
    redis.call('LTRIM', KEYS[2], -most, -1)
  else
    redis.call('LTRIM', KEYS[2], 0, most - 1)
  end
  length = most
end
if ARGV[5] ~= '0' then redis.call('PEXPIRE', KEYS[2], ARGV[5]) end
redis.call('DEL', KEYS[1])
redis.call('RPUSH', KEYS[1], ARGV[1], length)
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return length
