-- Reads recurring tasks, those due first.
-- KEYS 1 definitions   2 when each is due   ARGV 1 all, or due: only those that are due, at most 100   2 of which how many to leave out
-- reply Redis' time in ms, then name, definition, ms for each
local call, t = redis.call, redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
local some
if ARGV[1] == 'due' then some = call('ZRANGEBYSCORE', KEYS[2], '-inf', now, 'WITHSCORES', 'LIMIT', ARGV[2], 100)
else some = call('ZRANGE', KEYS[2], 0, -1, 'WITHSCORES') end
local reply = { now }
for i = 1, #some, 2 do
  local n = #reply
  reply[n + 1] = some[i]; reply[n + 2] = call('HGET', KEYS[1], some[i]) or ''; reply[n + 3] = some[i + 1]
end
return reply
