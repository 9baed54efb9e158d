-- Declares a recurring task, if it is not declared like this already.
-- KEYS 1 definitions (hash by name)   2 when each is due (zset name -> ms)   3 resque's set of queues
-- ARGV 1 name   2 definition   3 ms   4 the queue
-- reply whether anything changed
local call = redis.call
call('ZCARD', KEYS[2]); call('SCARD', KEYS[3])
if call('HGET', KEYS[1], ARGV[1]) == ARGV[2] then return { 0 } end
call('HSET', KEYS[1], ARGV[1], ARGV[2])
call('ZADD', KEYS[2], ARGV[3], ARGV[1])
call('SADD', KEYS[3], ARGV[4])
return { 1 }
