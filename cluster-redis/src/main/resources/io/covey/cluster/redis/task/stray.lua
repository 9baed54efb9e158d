-- Moves tasks that stand first in the list without a name to failed, if they still do. A scheduler of node-resque puts tasks
-- there that name no queue, as Ruby's delayed ones may; no worker looks at it.
-- KEYS 1 the list   2 failed   ARGV 1 n   then n times what was read   then n times the entry for failed
-- reply how many were moved
local call, n = redis.call, tonumber(ARGV[1])
local first = call('LRANGE', KEYS[1], 0, n - 1)
for i = 1, n do
  if first[i] ~= ARGV[1 + i] then return { 0 } end
end
call('LLEN', KEYS[2])
call('LTRIM', KEYS[1], n, -1)
call('RPUSH', KEYS[2], unpack(ARGV, 2 + n))
return { n }
