-- Removes tasks among the last of a queue, which were read before and are named by their bytes. Tasks are read from the tail
-- because others take from the head: from there places do not move toward what was looked at.
-- KEYS 1 queue   ARGV 1 how many at the tail to leave alone   2 how many before those to look at   3 bytes that are no task
--      4.. what to remove
-- reply how many were removed
local call, gone, n = redis.call, {}, 0
for i = 4, #ARGV do gone[ARGV[i]] = true end
local stop = call('LLEN', KEYS[1]) - ARGV[1]
local from = math.max(0, stop - ARGV[2])
local page = stop > 0 and call('LRANGE', KEYS[1], from, stop - 1) or {}
call('LTRIM', KEYS[1], 0, -1) -- removes nothing, but from here on nothing is refused for memory
for i, raw in ipairs(page) do
  if gone[raw] then call('LSET', KEYS[1], from + i - 1, ARGV[3]); n = n + 1 end
end
if n > 0 then call('LREM', KEYS[1], -n, ARGV[3]) end
return { n }
