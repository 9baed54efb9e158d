-- Moves the first entries of a queue's dead list to resque's failed list, frees the locks that they held and counts what was
-- done. The ids of the dead are unique, and only this script takes from the head: if the head is the one that was read,
-- so are those behind it.
-- KEYS 1 dead   2 failed   3 clock   4 stat:processed   5 stat:failed   6 locks   7.. m notes, then locks that are keys of their own
-- ARGV 1 the id at the head, empty if only to count   2 n   3 m   4 for how many ms notes are kept   5.. n entries for failed, one for
--      each of the dead; m notes; then field, holder of each lock in the hash
-- reply how many were moved
local call = redis.call
local n, m, head = tonumber(ARGV[2]), tonumber(ARGV[3]), call('LINDEX', KEYS[1], 0)
call('LLEN', KEYS[2])
if n > 0 and (not head or head:sub(1, #ARGV[1] + 1) ~= ARGV[1] .. '|') then n = 0 end
local done = tonumber(call('HGET', KEYS[3], 'done') or 0)
local free = {}
for a = 5 + n + m, n > 0 and #ARGV or 0, 2 do
  local held = call('HGET', KEYS[6], ARGV[a])
  if held and (ARGV[a + 1] == '' or held:match('|(.*)$') == ARGV[a + 1]) then free[#free + 1] = ARGV[a] end
end
call('HDEL', KEYS[3], '') -- a removal first: from here on nothing is refused for memory
if n > 0 then
  call('LTRIM', KEYS[1], n, -1)
  call('RPUSH', KEYS[2], unpack(ARGV, 5, 4 + n))
  call('INCRBY', KEYS[5], n)
  call('HINCRBY', KEYS[3], 'bad', n)
  if #free > 0 then call('HDEL', KEYS[6], unpack(free)) end
  for i = 1, m do call('SET', KEYS[6 + i], ARGV[4 + n + i], 'PX', ARGV[4]) end
  if #KEYS > 6 + m then call('DEL', unpack(KEYS, 7 + m)) end
end
if done > 0 then
  call('HSET', KEYS[3], 'done', 0)
  call('INCRBY', KEYS[4], string.format('%.0f', done))
  call('HINCRBY', KEYS[3], 'all', string.format('%.0f', done))
end
return { n }
