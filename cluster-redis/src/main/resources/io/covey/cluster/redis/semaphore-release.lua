-- Lets a permit go and hints that to those who wait.
-- KEYS 1 the holders (zset owner -> end of the lease, Redis' time in ms, PX)
-- ARGV 1 owner  2 the channel of the hint
-- Reply: 1; 0 if the owner holds none
local t = redis.call('TIME')
local mine = redis.call('ZSCORE', KEYS[1], ARGV[1])
if not mine then return 0 end
redis.call('ZREM', KEYS[1], ARGV[1])
if tonumber(mine) <= t[1] * 1000 + math.floor(t[2] / 1000) then return 0 end
redis.call('PUBLISH', ARGV[2], '')
return 1
