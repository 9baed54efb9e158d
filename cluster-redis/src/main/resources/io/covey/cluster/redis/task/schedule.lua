-- Looks for delayed tasks that are due and, only then, takes or renews both locks of resque's schedulers: node-resque's and
-- Ruby's. Where a foreign scheduler holds either, it stands by.
-- KEYS 1 leader lock   2 master lock   3 delayed_queue_schedule   ARGV 1 our value   2 ms   3 how many times at most
-- reply the due times (seconds)
local call = redis.call
local due = call('ZRANGEBYSCORE', KEYS[3], '-inf', call('TIME')[1], 'LIMIT', 0, ARGV[3])
if #due == 0 then return due end
local leader, master = call('GET', KEYS[1]), call('GET', KEYS[2])
if (leader and leader ~= ARGV[1]) or (master and master ~= ARGV[1]) then return {} end
call('ZREM', KEYS[3], '') -- a removal first: promoting must go on when Redis is out of memory
call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
call('SET', KEYS[2], ARGV[1], 'PX', ARGV[2])
return due
