-- Reads an entry with what is left of its time to live.
-- KEYS 1 the entry (string)
-- ARGV none
-- Reply: the entry and its PTTL in ms, -1 if it does not expire; nil if there is no entry
local entry = redis.call('GET', KEYS[1])
if not entry then return false end
return {entry, redis.call('PTTL', KEYS[1])}
