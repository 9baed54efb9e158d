-- Head of turn, beat and upkeep: keys, the server's time, the queue's virtual clock.
-- KEYS 1 queue (list)   2 redo (zset, order)   3 raw (hash id -> bytes)   4 meta (hash id -> fence|deliveries|attempt|owner)
--      5 lease (zset owner -> virtual ms)   6 lanes (hash)   7 clock (hash)   8 retry (zset, server ms)   9 last (zset)   10 dead (list)
-- ARGV 1 gap: a silence longer than these ms is cut out of the virtual clock
-- These scripts must pass whole when Redis is out of memory, or a full Redis could never be drained: the first write of
-- each is a removal, after which Redis refuses nothing. Bytes of tasks are never parsed.
local K, A, call = KEYS, ARGV, redis.call
local t = call('TIME')
local NOW, US = t[1] * 1000 + math.floor(t[2] / 1000), t[1] * 1000000 + t[2]
local c = call('HMGET', K[7], 'last', 'off', 'fence', 'epoch', 'done')
local OFF, FENCE, EPOCH, DONE = tonumber(c[2] or 0), tonumber(c[3] or 0), c[4], tonumber(c[5] or 0)
if c[1] then
  local silence, gap = NOW - tonumber(c[1]), tonumber(A[1])
  if silence < 0 then OFF = OFF + silence elseif silence > gap then OFF = OFF + silence - gap end
end
local V = NOW - OFF
local function f0(n) return string.format('%.0f', n) end
local clean = true
local function dirty()
  if clean then call('HDEL', K[6], ''); clean = false end
end
local function tick()
  dirty()
  if EPOCH then
    call('HSET', K[7], 'last', f0(NOW), 'off', f0(OFF), 'fence', f0(FENCE), 'done', f0(DONE))
  else
    EPOCH = f0(US)
    call('HSET', K[7], 'last', f0(NOW), 'off', f0(OFF), 'fence', f0(FENCE), 'done', f0(DONE), 'epoch', EPOCH)
  end
end
local function parse(m)
  local fence, deliveries, attempt, owner = m:match('^(%d+)|(%d+)|(%d+)|(.*)$')
  return fence, tonumber(deliveries), tonumber(attempt), owner
end
