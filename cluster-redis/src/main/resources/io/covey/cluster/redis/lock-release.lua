-- Lets a lock go and hints that to those who wait.
-- KEYS 1 the lock (string owner|fence, PX)  2 its last fence (string, PX)
-- ARGV 1 owner  2 the channel of the hint  3 how long the fence is kept, ms
-- Reply: 1; 0 if the owner does not hold it
local held = redis.call('GET', KEYS[1])
if not held or held:match('^(.*)|%d+$') ~= ARGV[1] then return 0 end
redis.call('DEL', KEYS[1])
redis.call('PEXPIRE', KEYS[2], ARGV[3])
redis.call('PUBLISH', ARGV[2], '')
return 1
