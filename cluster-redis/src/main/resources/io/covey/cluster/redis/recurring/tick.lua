-- Moves a recurring task on and adds what it has to run, if nobody else did. Its first write is one that Redis refuses when
-- it is out of memory, so that it is refused whole.
-- KEYS 1 definitions   2 when each is due   3 resque's set of queues   4 delayed_queue_schedule   5 the queue's clock   then, if
--      there are tasks, a block as in add
-- ARGV 1 name   2 definition   3 ms at which it is due   4 ms at which it is due again; empty: never
--      5 the kind that the queue is taken for   6 what the ids of tasks without one begin with   then, if there are tasks, a block as in add
-- reply 1 done, 0 somebody else did it or it is another, 4 nothing was done: another kind, which follows
local due = call('ZSCORE', KEYS[2], ARGV[1])
if not due or tonumber(due) ~= tonumber(ARGV[3]) or call('HGET', KEYS[1], ARGV[1]) ~= ARGV[2] then return { 0 } end
local real, plan = kinds(5, 1), {}
if real ~= ARGV[5] then return { 4, real } end
if #KEYS > 5 then plan = judge(ARGV[6], 6, 7, 1) end
call('ZCARD', KEYS[4])
call('ZADD', KEYS[2], ARGV[4] == '' and ARGV[3] or ARGV[4], ARGV[1])
if ARGV[4] == '' then call('ZREM', KEYS[2], ARGV[1]); call('HDEL', KEYS[1], ARGV[1]) end
add(plan, KEYS[3], KEYS[4])
return { 1 }
