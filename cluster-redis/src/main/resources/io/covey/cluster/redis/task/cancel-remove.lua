-- Removes a task that still waits where it was found, with the locks that it holds and the note that it shall be stopped.
-- KEYS as in lib   20 the note that says why it will not be done, if it shall be kept
-- ARGV 2 the id that was noted   3 the task's own id, empty if it is in the list   4 its meta as it was found, or its bytes
--      5 that note   6 for how many ms it is kept   then field, holder of each lock in the hash
-- reply 1, or 0 if it does not wait there any more
local free = {}
for a = 7, #A, 2 do
  local held = call('HGET', K[17], A[a])
  if held and (A[a + 1] == '' or held:match('|(.*)$') == A[a + 1]) then free[#free + 1] = A[a] end
end
call('ZCARD', K[18])
local id = A[3]
if id == '' then
  if call('LREM', K[1], -1, A[4]) == 0 then return { 0 } end
  clean = false
else
  local m = call('HGET', K[4], id)
  if m ~= A[4] then return { 0 } end
  local fence, _, _, owner, key = parse(m)
  local member = place(id, fence, owner, key)
  local waits = call('ZSCORE', K[2], id) or call('ZSCORE', K[19], id) or call('ZSCORE', K[8], id) or call('ZSCORE', K[9], id) or key ~= '' and call('ZSCORE', K[13], member)
  if not waits then return { 0 } end
  dirty()
  call('HDEL', K[3], id); call('HDEL', K[4], id)
  call('ZREM', K[2], id); call('ZREM', K[8], id); call('ZREM', K[9], id); call('ZREM', K[19], id)
  if key ~= '' then call('ZREM', K[13], member) end
end
call('ZREM', K[18], A[2])
forget({ id })
if #free > 0 then call('HDEL', K[17], unpack(free)) end
if #K > 19 then call('SET', K[20], A[5], 'PX', A[6]) end
return { 1 }
