-- Renews an owner's lease, ticks the clock and tells who is there. An owner with score 0 is being buried.
-- KEYS 1 the clock (hash)  2 the members (zset owner -> virtual deadline, ms)
--      3 the late (zset owner -> virtual time, ms, at which half of its lease is over)
-- ARGV 1 owner  2 lease, ms  3 the version that the owner knows  4 how many overdue and how many late to tell at most
-- Reply: 1 if it was known, else 0; version; the overdue; 1 and the alive, or 0 if the version is the known one; each of
-- the late and what is left of its lease, ms
local owner, lease = ARGV[1], tonumber(ARGV[2])
local score = tonumber(redis.call('ZSCORE', KEYS[2], owner) or '0')
local version = VERSION
if score <= V then version = nextVersion() end
local told = version ~= ARGV[3]
local overdue, alive, late = {}, {}, {}
for _, other in ipairs(redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', f0(V), 'LIMIT', 0, ARGV[4])) do
  if other ~= owner then overdue[#overdue + 1] = other end
end
for _, other in ipairs(redis.call('ZRANGEBYSCORE', KEYS[3], '-inf', f0(V), 'LIMIT', 0, ARGV[4])) do
  local left = tonumber(redis.call('ZSCORE', KEYS[2], other) or '0') - V
  if other ~= owner and left > 0 then
    late[#late + 1] = other
    late[#late + 1] = f0(left)
  end
end
if told then
  for _, other in ipairs(redis.call('ZRANGEBYSCORE', KEYS[2], '(' .. f0(V), '+inf')) do
    if other ~= owner then alive[#alive + 1] = other end
  end
  alive[#alive + 1] = owner
end
-- Not refused for want of memory, and after it nothing is: a full Redis must not bury the living.
redis.call('HDEL', KEYS[1], '')
redis.call('HSET', KEYS[1], 'last', f0(NOW), 'off', f0(OFF), 'gaps', renewedGaps(USED, math.floor(lease / 3), V + lease, V), 'version', version)
redis.call('ZADD', KEYS[2], f0(V + lease), owner)
redis.call('ZADD', KEYS[3], f0(V + lease / 2), owner)
return { score > 0 and 1 or 0, version, overdue, told and 1 or 0, alive, late }
