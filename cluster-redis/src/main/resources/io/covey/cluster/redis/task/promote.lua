-- Moves the first tasks of one delayed time to their queues, byte for byte, if they are still the first and both locks are
-- still ours. One that cannot go to a queue goes to failed.
-- KEYS 1 delayed:TIME   2 delayed_queue_schedule   3 resque's set of queues   4 leader lock   5 master lock
--      6 stat:failed   then the lists that tasks go to; then for each task the set of times at which it is delayed
-- ARGV 1 TIME   2 our value of the locks   3 how many lists; then for each the queue's name (empty: it is failed)
--      then for each task: its bytes, the number of its list, what to push if it is something else (empty: its bytes)
-- reply how many were moved; -1 if nothing was because somebody else was at it; -2 - i if the i-th list, from 1, is none;
--      then what stands first now: up to 1000 tasks or 512 KiB
local call, lists = redis.call, tonumber(ARGV[3])
local base = 3 + lists
local n, count = (#ARGV - base) / 3, call('LLEN', KEYS[1])
if call('GET', KEYS[4]) ~= ARGV[2] or call('GET', KEYS[5]) ~= ARGV[2] then return { -1, {} } end
local first = n > 0 and call('LRANGE', KEYS[1], 0, n - 1) or {}
for i = 1, n do
  if first[i] ~= ARGV[base + 3 * i - 2] then return { -1, {} } end
end
for i = 1, lists do
  local kind = call('TYPE', KEYS[6 + i]).ok
  if kind ~= 'list' and kind ~= 'none' then return { -2 - i, {} } end
end
if n > 0 then
  local batches, member = {}, 'delayed:' .. ARGV[1]
  for i = 1, lists do batches[i] = {} end
  call('LTRIM', KEYS[1], n, -1) -- a removal first: it goes on when Redis is out of memory
  for i = 1, n do
    local raw, other = first[i], ARGV[base + 3 * i]
    local batch = batches[tonumber(ARGV[base + 3 * i - 1])]
    batch[#batch + 1] = other == '' and raw or other
    call('SREM', KEYS[6 + lists + i], member, KEYS[1])
  end
  for i = 1, lists do
    call('RPUSH', KEYS[6 + i], unpack(batches[i]))
    if ARGV[3 + i] ~= '' then call('SADD', KEYS[3], ARGV[3 + i]) else call('INCRBY', KEYS[6], #batches[i]) end
  end
end
if count == n then call('ZREM', KEYS[2], ARGV[1]) end
local head, bytes = {}, 0
while bytes < 524288 and #head < 1000 do
  local page = call('LRANGE', KEYS[1], #head, #head + 49)
  for _, raw in ipairs(page) do head[#head + 1] = raw; bytes = bytes + #raw end
  if #page < 50 then break end
end
return { n, head }
