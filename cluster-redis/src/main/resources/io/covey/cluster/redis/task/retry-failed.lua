-- Puts a failed task back into its queue, if it is still among the failed ones. Its first write is one that Redis refuses
-- when it is out of memory, so that it is refused whole. Looks from the newest on, as those do who put back a million.
-- KEYS 1 failed   2 queue   3 resque's set of queues   ARGV 1 the failed entry   2 the task   3 the queue's name
-- reply whether it was there
local call = redis.call
if not call('LPOS', KEYS[1], ARGV[1], 'RANK', -1) then return { 0 } end
call('SCARD', KEYS[3])
call('RPUSH', KEYS[2], ARGV[2])
call('SADD', KEYS[3], ARGV[3])
call('LREM', KEYS[1], -1, ARGV[1])
return { 1 }
