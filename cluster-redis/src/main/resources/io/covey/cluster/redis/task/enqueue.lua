-- Adds tasks to a queue, all or none. Repeatable by (lane, seq). Its first write is one that Redis refuses when it is out of
-- memory, so that it is refused whole.
-- KEYS 1 queue   2 lanes   3 resque's set of queues   4 delayed_queue_schedule   then for each task, as its kind asks:
--      the marker of its id; the list and the set of its delayed time
-- ARGV 1 lane   2 seq   3 the queue's name   4 ms for which an id is remembered   5 kinds, one letter a task, empty if all
--      are n: n (now), i (now, with an id), d (delayed), e (delayed, with an id)   6.. the tasks;
--      then for each delayed one the second at which it is due
-- reply status (0 ok, 1 replay, 2 stale, 3 unknown lane), codes (one letter a task: 1 added, 0 its id was known; empty if
--      all were added)
local call, lane, seq, kinds = redis.call, ARGV[1] .. ':e', tonumber(ARGV[2]), ARGV[5]
local prev = call('HGET', KEYS[2], lane)
if prev then
  local s, codes = prev:match('^(%d+);%d+;(.*)$')
  if seq == tonumber(s) then return { 1, codes } elseif seq < tonumber(s) then return { 2, '' } end
elseif seq > 1 and call('HEXISTS', KEYS[2], ARGV[1]) == 0 then return { 3, '' } end
local t = call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
local push, codes, ids, delayed = {}, {}, {}, {}
if kinds == '' then
  call('RPUSH', KEYS[1], unpack(ARGV, 6))
else
  local key, times, seen = 5, 6 + #kinds, {}
  for i = 1, #kinds do
    local kind, raw, take = kinds:sub(i, i), ARGV[5 + i], true
    if kind == 'i' or kind == 'e' then
      local marker = KEYS[key]; key = key + 1
      take = not seen[marker] and call('EXISTS', marker) == 0
      if take then seen[marker] = true; ids[#ids + 1] = marker end
    end
    if kind == 'd' or kind == 'e' then
      if take then
        call('LLEN', KEYS[key]); call('SCARD', KEYS[key + 1])
        delayed[#delayed + 1] = { KEYS[key], KEYS[key + 1], ARGV[times], raw }
      end
      raw = nil; key = key + 2; times = times + 1
    end
    codes[i] = take and '1' or '0'
    if take and raw then push[#push + 1] = raw end
  end
  call('LLEN', KEYS[1]); call('ZCARD', KEYS[4])
end
local code = table.concat(codes)
call('HSET', KEYS[2], lane, seq .. ';' .. string.format('%.0f', now) .. ';' .. code)
if #push > 0 then call('RPUSH', KEYS[1], unpack(push)) end
if #push > 0 or kinds == '' then call('SADD', KEYS[3], ARGV[3]) end
for _, marker in ipairs(ids) do call('SET', marker, 1, 'PX', ARGV[4]) end
for _, d in ipairs(delayed) do
  call('RPUSH', d[1], d[4])
  call('SADD', d[2], 'delayed:' .. d[3])
  call('ZADD', KEYS[4], d[3], d[3])
end
return { 0, code }
