-- Keeps something of a leased task. Its first write is one that Redis refuses when it is out of memory.
-- KEYS 1 meta   2 the note   ARGV 1 id of the task   2 fence   3 the bytes   4 ms for which they are kept
-- reply 1, or 0 if the fence is not the task's newest
local meta = redis.call('HGET', KEYS[1], ARGV[1])
if not meta or meta:sub(1, #ARGV[2] + 1) ~= ARGV[2] .. '|' then return { 0 } end
redis.call('SET', KEYS[2], ARGV[3], 'PX', ARGV[4])
return { 1 }
