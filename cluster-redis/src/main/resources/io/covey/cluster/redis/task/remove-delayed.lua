-- Removes a task, named by its bytes, from the times at which it is delayed, and what pointed there.
-- KEYS 1 delayed_queue_schedule   2 the task's set of times   then for each time: its list
-- ARGV 1 the task   2 1: only forget times at which it is not   then for each time: the set's member, the second
-- reply how many were removed
local call, n = redis.call, 0
for i = 3, #KEYS do call('LLEN', KEYS[i]) end
call('SCARD', KEYS[2])
for i = 3, #KEYS do
  local member, second = ARGV[2 * i - 3], ARGV[2 * i - 2]
  if ARGV[2] ~= '1' or not call('LPOS', KEYS[i], ARGV[1]) then
    n = n + call('LREM', KEYS[i], 0, ARGV[1])
    if call('LLEN', KEYS[i]) == 0 then call('ZREM', KEYS[1], second) end
    call('SREM', KEYS[2], member)
  end
end
return { n }
