-- Who holds a permit.
-- KEYS 1 the holders (zset owner -> end of the lease, Redis' time in ms)
-- ARGV none
-- Reply: owner, what is left of its lease in ms, ... of at most 1000, those first whose lease ends first
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
local held = redis.call('ZRANGEBYSCORE', KEYS[1], string.format('(%.0f', now), '+inf', 'WITHSCORES', 'LIMIT', 0, 1000)
for i = 2, #held, 2 do held[i] = held[i] - now end
return held
