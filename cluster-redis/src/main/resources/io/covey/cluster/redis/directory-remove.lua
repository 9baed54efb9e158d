-- Removes an owner's row.
-- KEYS 1 the group's rows (hash member -> owner LF data)  2 the owner's notes (set group LF member)
-- ARGV 1 owner  2 member  3 the note
-- Reply: 1; 0 if there is no such row of the owner
local row = redis.call('HGET', KEYS[1], ARGV[2])
redis.call('SREM', KEYS[2], ARGV[3])
if not row or row:match('^([^\n]*)\n') ~= ARGV[1] then return 0 end
return redis.call('HDEL', KEYS[1], ARGV[2])
