-- Ends a recurring task.
-- KEYS 1 definitions   2 when each is due   ARGV 1 name
-- reply whether there was one
redis.call('ZREM', KEYS[2], ARGV[1])
return { redis.call('HDEL', KEYS[1], ARGV[1]) }
