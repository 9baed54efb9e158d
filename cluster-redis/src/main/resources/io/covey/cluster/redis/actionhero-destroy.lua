-- Removes an entry of actionhero's cache, or a list, unless somebody else has locked it.
-- KEYS 1 the entry (string: JSON) or list  2 its lock (string: who holds it), if it is in the same slot
-- ARGV 1 who we are
-- Reply: {who has locked it}; {nil, how many were removed}
local holder = KEYS[2] and redis.call('GET', KEYS[2])
if holder and holder ~= ARGV[1] then return {holder} end
return {false, redis.call('UNLINK', KEYS[1])}
