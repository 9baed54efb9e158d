-- Moves the first tasks of one delayed time to their queues, byte for byte, if they are still the first and both locks are
-- still ours. One that cannot go to a queue goes to failed.
-- KEYS 1 delayed:TIME   2 delayed_queue_schedule   3 resque's set of queues   4 leader lock   5 master lock
--      then for each task: the list it goes to, the set of times at which it is delayed
-- ARGV 1 TIME   2 our value of the locks   then for each task: its bytes, the queue's name (empty: none),
--      what to push if it is something else (empty: its bytes)
-- reply how many were moved; -1 if nothing was because somebody else was at it; -2 - i if the i-th, from 1, cannot go where
--      it should; then what stands first now
local call, n = redis.call, (#ARGV - 2) / 3
if call('GET', KEYS[4]) ~= ARGV[2] or call('GET', KEYS[5]) ~= ARGV[2] then return { -1, {} } end
local first = n > 0 and call('LRANGE', KEYS[1], 0, n - 1) or {}
for i = 1, n do
  if first[i] ~= ARGV[3 * i] then return { -1, {} } end
  local kind = call('TYPE', KEYS[4 + 2 * i]).ok
  if kind ~= 'list' and kind ~= 'none' then return { -2 - i, {} } end
end
if n > 0 then call('LTRIM', KEYS[1], n, -1) end -- a removal first: it goes on when Redis is out of memory
for i = 1, n do
  local raw, queue, other = ARGV[3 * i], ARGV[3 * i + 1], ARGV[3 * i + 2]
  call('SREM', KEYS[5 + 2 * i], 'delayed:' .. ARGV[1], KEYS[1])
  call('RPUSH', KEYS[4 + 2 * i], other == '' and raw or other)
  if queue ~= '' then call('SADD', KEYS[3], queue) end
end
if call('LLEN', KEYS[1]) == 0 then call('ZREM', KEYS[2], ARGV[1]) end
return { n, call('LRANGE', KEYS[1], 0, 99) }
