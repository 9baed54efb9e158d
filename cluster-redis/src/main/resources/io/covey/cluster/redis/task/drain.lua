-- Moves the first entries of a queue's dead list to resque's failed list and counts what was done. The ids of the dead are
-- unique, and only this script takes from the head: if the head is the one that was read, so are those behind it.
-- KEYS 1 dead   2 failed   3 clock   4 stat:processed   5 stat:failed
-- ARGV 1 the id at the head, empty if only to count   2.. the entries for failed, one for each of the dead
-- reply how many were moved
local call = redis.call
local n, head = #ARGV - 1, call('LINDEX', KEYS[1], 0)
call('LLEN', KEYS[2])
if n > 0 and (not head or head:sub(1, #ARGV[1] + 1) ~= ARGV[1] .. '|') then n = 0 end
local done = tonumber(call('HGET', KEYS[3], 'done') or 0)
call('HDEL', KEYS[3], '') -- a removal first: from here on nothing is refused for memory
if n > 0 then
  call('LTRIM', KEYS[1], n, -1)
  call('RPUSH', KEYS[2], unpack(ARGV, 2))
  call('INCRBY', KEYS[5], n)
end
if done > 0 then
  call('HSET', KEYS[3], 'done', 0)
  call('INCRBY', KEYS[4], string.format('%.0f', done))
end
return { n }
