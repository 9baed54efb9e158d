-- Takes a lock of actionhero's away if it is ours.
-- KEYS 1 the lock (string: who holds it)
-- ARGV 1 who we are
-- Reply: 1; 0 if it is not ours
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1])
