-- Removes an owner's row.
-- KEYS 1 the group's rows (hash member -> owner LF data)  2 the groups that have rows (zset)
--      3 the owner's notes (set group LF member)
-- ARGV 1 owner, empty if it is nobody's  2 member  3 the note  4 the group
-- Reply: the row; nil if there is no such row of the owner
local row = redis.call('HGET', KEYS[1], ARGV[2])
redis.call('SREM', KEYS[3], ARGV[3])
if not row or row:match('^([^\n]*)\n') ~= ARGV[1] then return false end
redis.call('HDEL', KEYS[1], ARGV[2])
if redis.call('EXISTS', KEYS[1]) == 0 then redis.call('ZREM', KEYS[2], ARGV[4]) end
return row
