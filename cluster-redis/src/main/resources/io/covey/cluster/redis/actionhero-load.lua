-- Reads an entry of actionhero's cache unless somebody else has locked it.
-- KEYS 1 the entry (string: JSON)  2 its lock (string: who holds it), if it is in the same slot
-- ARGV 1 who we are  2 ms that the entry is kept from now, 0 to leave that as it is
-- Reply: {who has locked it}; {nil, the entry or nil}
local holder = KEYS[2] and redis.call('GET', KEYS[2])
if holder and holder ~= ARGV[1] then return {holder} end
local entry = redis.call('GET', KEYS[1])
if entry and ARGV[2] ~= '0' then redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
return {false, entry}
