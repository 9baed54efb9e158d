-- Reads who has leases at a queue.
-- KEYS as in lib
-- reply of up to 1000 owners, those whose leases end first, the name and for how many virtual ms the lease runs
local r, found = call('ZRANGE', K[5], 0, 999, 'WITHSCORES'), {}
for i = 1, #r, 2 do found[i] = r[i]; found[i + 1] = f0(tonumber(r[i + 1]) - V) end
return found
