-- Adds tasks to queues, all or none. Repeatable by (lane, seq). Its first write is one that Redis refuses when it is out of
-- memory, so that it is refused whole.
-- KEYS 1 lanes of the first queue   2 resque's set of queues   3 delayed_queue_schedule   then the clocks of all n queues, then
--      for each queue a block as in add
-- ARGV 1 lane   2 seq   3 the kinds that the producer takes the queues for, one letter each: s (shared), o (ours)   then for
--      each queue a block as in add
-- reply status (0 ok, 1 replay, 2 stale, 3 unknown lane, 4 nothing was done: another kind), codes as in add; of status 4 the
--      kinds
local lane, seq, n = ARGV[1] .. ':e', tonumber(ARGV[2]), #ARGV[3]
local prev = call('HGET', KEYS[1], lane)
-- A lane of a producer that is gone.
local function silent(field, value)
  local at = field:sub(-2) == ':e' and value:match('^%d+;(%d+);')
  return at and NOW - at > 3600000
end
if prev then
  local s, codes = prev:match('^(%d+);%d+;(.*)$')
  if seq == tonumber(s) then return { 1, codes } elseif seq < tonumber(s) then return { 2, '' } end
elseif seq > 1 and call('HEXISTS', KEYS[1], ARGV[1]) == 0 then return { 3, '' } end
local real = kinds(4, n)
if real ~= ARGV[3] then return { 4, real } end
if n == 1 and ARGV[6] == 'p' then -- the usual: one list, whose kind the push itself checks
  call('RPUSH', KEYS[5], unpack(ARGV, 7))
  call('HSET', KEYS[1], lane, ARGV[2] .. ';' .. f0(NOW) .. ';')
  call('SADD', KEYS[2], ARGV[4])
  if not prev then forget(KEYS[1], silent) end
  return { 0, '' }
end
-- the lane is the first queue's: in the others one of the same name may be at the same step
local plan, codes = judge(ARGV[1] .. '.' .. ARGV[2] .. (n > 1 and '@' .. ARGV[4] or ''), 4 + n, 4, n)
call('ZCARD', KEYS[3])
call('HSET', KEYS[1], lane, ARGV[2] .. ';' .. f0(NOW) .. ';' .. codes)
add(plan, KEYS[2], KEYS[3])
if not prev then forget(KEYS[1], silent) end
return { 0, codes }
