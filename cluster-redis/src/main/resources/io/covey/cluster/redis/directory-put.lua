-- Writes a row and notes it for its owner.
-- KEYS 1 the members (zset)  2 the group's rows (hash member -> owner LF data)  3 the owner's notes (set group LF member)
--      4 the notes of the owner before, if it is known
-- ARGV 1 owner  2 member  3 the row  4 the note  5 the owner before, or empty
-- Reply: ok; unknown if the owner is not known; else the owner before, whose notes are needed
local score = redis.call('ZSCORE', KEYS[1], ARGV[1])
if not score or tonumber(score) == 0 then return 'unknown' end
local row = redis.call('HGET', KEYS[2], ARGV[2])
local before = row and row:match('^([^\n]*)\n')
if before == ARGV[1] then before = nil end
if before and before ~= ARGV[5] then return { before } end
redis.call('HSET', KEYS[2], ARGV[2], ARGV[3])
redis.call('SADD', KEYS[3], ARGV[4])
if before then redis.call('SREM', KEYS[4], ARGV[4]) end
return 'ok'
