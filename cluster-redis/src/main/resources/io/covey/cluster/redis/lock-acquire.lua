-- Takes a lock if it is free; renews it for the owner who holds it. The fence grows also when Redis lost its data.
-- KEYS 1 the lock (string owner|fence, PX)  2 its last fence (string, PX)
-- ARGV 1 owner  2 lease, ms  3 how long the fence outlives the lease, ms
-- Reply: the fence as text; if another holds the lock, minus the time that its lease still runs, ms
local held = redis.call('GET', KEYS[1])
local last = tonumber(redis.call('GET', KEYS[2]) or '0')
if held then
  local owner, fence = held:match('^(.*)|(%d+)$')
  if owner ~= ARGV[1] then return -math.max(1, redis.call('PTTL', KEYS[1])) end
  redis.call('PEXPIRE', KEYS[1], ARGV[2])
  redis.call('PEXPIRE', KEYS[2], string.format('%.0f', ARGV[2] + ARGV[3]))
  return fence
end
local t = redis.call('TIME')
local fence = string.format('%.0f', math.max(last + 1, t[1] * 1000000 + t[2]))
redis.call('SET', KEYS[1], ARGV[1] .. '|' .. fence, 'PX', ARGV[2])
redis.call('SET', KEYS[2], fence, 'PX', string.format('%.0f', ARGV[2] + ARGV[3]))
return fence
