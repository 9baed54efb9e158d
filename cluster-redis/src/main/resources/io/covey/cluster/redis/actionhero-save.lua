-- Writes an entry of actionhero's cache unless somebody else has locked it.
-- KEYS 1 the entry (string: JSON)  2 its lock (string: who holds it), if it is in the same slot
-- ARGV 1 who we are  2 the entry  3 ms that it is kept, 0 for ever, -1 as long as before  4 what it must have been, if given
-- Reply: {who has locked it}; {nil, 1}; {nil, 0} if it was not what it must have been
local holder = KEYS[2] and redis.call('GET', KEYS[2])
if holder and holder ~= ARGV[1] then return {holder} end
if ARGV[4] and redis.call('GET', KEYS[1]) ~= ARGV[4] then return {false, 0} end
if ARGV[3] == '0' then
  redis.call('SET', KEYS[1], ARGV[2])
elseif ARGV[3] == '-1' then
  redis.call('SET', KEYS[1], ARGV[2], 'KEEPTTL')
else
  redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
end
return {false, 1}
