-- Takes a permit if fewer than a number are held; renews it for the owner who holds one.
-- KEYS 1 the holders (zset owner -> end of the lease, Redis' time in ms, PX)
-- ARGV 1 owner  2 lease, ms  3 how many may be held
-- Reply: 0; if none is free, minus the time until the first lease ends, ms
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
local alive = string.format('(%.0f', now)
local mine = redis.call('ZSCORE', KEYS[1], ARGV[1])
if not (mine and tonumber(mine) > now) and redis.call('ZCOUNT', KEYS[1], alive, '+inf') >= tonumber(ARGV[3]) then
  local first = redis.call('ZRANGEBYSCORE', KEYS[1], alive, '+inf', 'WITHSCORES', 'LIMIT', 0, 1)
  return -math.max(1, first[2] - now)
end
local left = redis.call('PTTL', KEYS[1])
redis.call('ZADD', KEYS[1], string.format('%.0f', now + ARGV[2]), ARGV[1])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', string.format('%.0f', now))
redis.call('PEXPIRE', KEYS[1], string.format('%.0f', math.max(left, ARGV[2])))
return 0
