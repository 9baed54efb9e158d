-- Writes a row and notes it for its owner.
-- KEYS 1 the members (zset)  2 the group's rows (hash member -> owner LF data)  3 the groups that have rows (zset)
--      4 the owner's notes (set group LF member)  5 the notes of the owner before, if it is known
-- ARGV 1 owner, empty if it is nobody's  2 member  3 the row  4 the note  5 the owner before, or empty  6 the group
--      7 1 if it is written even if Redis is out of memory, else 0
-- Reply: unknown if the owner is not known; other and the owner before, whose notes are needed; else ok and the row
--        before, if there was one
local owner = ARGV[1]
local score = owner ~= '' and redis.call('ZSCORE', KEYS[1], owner)
if owner ~= '' and (not score or tonumber(score) == 0) then return { 'unknown' } end
local row = redis.call('HGET', KEYS[2], ARGV[2])
local before = row and row:match('^([^\n]*)\n')
if before == owner or before == '' then before = nil end
if before and before ~= ARGV[5] then return { 'other', before } end
-- Not refused for want of memory, and after it nothing is.
if ARGV[7] == '1' then redis.call('HDEL', KEYS[2], '') end
redis.call('HSET', KEYS[2], ARGV[2], ARGV[3])
if not row then redis.call('ZADD', KEYS[3], 0, ARGV[6]) end
if owner ~= '' then redis.call('SADD', KEYS[4], ARGV[4]) end
if before then redis.call('SREM', KEYS[5], ARGV[4]) end
return row and { 'ok', row } or { 'ok' }
