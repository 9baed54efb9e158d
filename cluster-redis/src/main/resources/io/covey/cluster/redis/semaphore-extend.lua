-- Renews the lease of a permit.
-- KEYS 1 the holders (zset owner -> end of the lease, Redis' time in ms, PX)
-- ARGV 1 owner  2 lease, ms
-- Reply: 1; 0 if the owner holds none
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
local mine = redis.call('ZSCORE', KEYS[1], ARGV[1])
if not mine or tonumber(mine) <= now then return 0 end
-- First what a full server does not refuse.
redis.call('PEXPIRE', KEYS[1], string.format('%.0f', math.max(redis.call('PTTL', KEYS[1]), ARGV[2])))
redis.call('ZADD', KEYS[1], string.format('%.0f', now + ARGV[2]), ARGV[1])
return 1
