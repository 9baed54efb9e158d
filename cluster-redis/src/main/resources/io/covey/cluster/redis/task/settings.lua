-- Changes the settings of a queue if they are what was read. The kind changes only while the queue has no tasks.
-- KEYS as in lib   ARGV 2 what was read (empty: nothing)   3 what shall be (empty: nothing)
-- reply status (0 ok, 1 they are others by now, 2 the kind cannot change now), what they are by now or how many tasks there are
local now = SET or ''
if now ~= A[2] then return { 1, now } end
local function kind(text) return text:sub(1, 1) == 'o' and 'o' or 's' end
if kind(now) ~= kind(A[3]) then
  local tasks = call('LLEN', K[1]) + call('HLEN', K[4]) + call('LLEN', K[10])
  if tasks > 0 then return { 2, f0(tasks) } end
end
call('ZCARD', K[15])
dirty()
if A[3] == '' then call('HDEL', K[7], 'set') else call('HSET', K[7], 'set', A[3]) end
-- the new rate begins anew, and keys at their limits are looked at again
call('HDEL', K[7], 'tat')
if call('EXISTS', K[15]) == 1 then call('ZUNIONSTORE', K[15], 1, K[15], 'WEIGHTS', 0) end
return { 0, A[3] }
