-- Frees the lock of a unique task.
-- KEYS 1 locks (hash)   2 the lock that is a key of its own, if there may be one   ARGV 1 field   2 holder, empty for any
-- reply nothing
local held = redis.call('HGET', KEYS[1], ARGV[1])
if KEYS[2] then redis.call('DEL', KEYS[2]) end
if held and (ARGV[2] == '' or held:match('|(.*)$') == ARGV[2]) then redis.call('HDEL', KEYS[1], ARGV[1]) end
return {}
