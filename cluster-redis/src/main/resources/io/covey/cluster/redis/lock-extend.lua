-- Renews the lease of a lock.
-- KEYS 1 the lock (string owner|fence, PX)  2 its last fence (string, PX)
-- ARGV 1 owner  2 lease, ms  3 how long the fence outlives the lease, ms
-- Reply: 1; 0 if the owner does not hold it
local held = redis.call('GET', KEYS[1])
if not held or held:match('^(.*)|%d+$') ~= ARGV[1] then return 0 end
redis.call('PEXPIRE', KEYS[1], ARGV[2])
redis.call('PEXPIRE', KEYS[2], string.format('%.0f', ARGV[2] + ARGV[3]))
return 1
