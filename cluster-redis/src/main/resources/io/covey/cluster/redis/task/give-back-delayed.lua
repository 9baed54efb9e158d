-- Puts tasks of a shared queue that we keep until their time where resque's delayed ones are, for the schedulers of all fleets, if
-- they still wait as they were found; what is due by now goes into the list.
-- KEYS as in lib   20 delayed_queue_schedule   then for each task the list and the set of its time
-- ARGV 2.. of each: id, meta as it was found, bytes, second
-- reply how many were moved
local ids, moved, gone = {}, {}, {}
for a = 2, #A, 4 do ids[#ids + 1] = A[a] end
if OWN then return { 0 } end
local ms, due = call('HMGET', K[4], unpack(ids)), call('ZMSCORE', K[19], unpack(ids))
call('LLEN', K[1]); call('ZCARD', K[20])
for i, id in ipairs(ids) do
  if due[i] and ms[i] == A[4 * i - 1] then
    call('LLEN', K[19 + 2 * i]); call('SCARD', K[20 + 2 * i])
    moved[#moved + 1] = i; gone[#gone + 1] = id
  end
end
if #moved == 0 then return { 0 } end
dirty()
call('HDEL', K[3], unpack(gone)); call('HDEL', K[4], unpack(gone)); call('ZREM', K[19], unpack(gone))
for _, i in ipairs(moved) do
  local raw, second = A[4 * i], A[4 * i + 1]
  if tonumber(due[i]) <= NOW then call('RPUSH', K[1], raw)
  else
    call('RPUSH', K[19 + 2 * i], raw)
    call('SADD', K[20 + 2 * i], 'delayed:' .. second)
    call('ZADD', K[20], second, second)
  end
end
return { #moved }
