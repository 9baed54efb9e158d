-- Removes rows of an owner that is overdue or says goodbye, and with the last one the owner. One that dies between two
-- batches of this leaves the owner overdue, for others to go on.
-- KEYS 1 the clock (hash)  2 the members (zset)  3 the owner's notes (set group LF member)  4 the late (zset)
--      5 the groups that have rows (zset)  6.. rows of groups (hashes)
-- ARGV 1 owner  2 1 if it asks itself, else 0  3.. for each note: the index of its group's key in KEYS, the note
-- Reply: alive, more or done; then for each row removed: its note, the row
local owner = ARGV[1]
local score = redis.call('ZSCORE', KEYS[2], owner)
if ARGV[2] == '0' and score and tonumber(score) > V then return { 'alive' } end
local reply, fields, noted = { 'done' }, {}, redis.call('SCARD', KEYS[3])
for i = 3, #ARGV, 2 do
  local note = ARGV[i + 1]
  local member = note:match('^[^\n]*\n(.*)$')
  local row = redis.call('HGET', KEYS[tonumber(ARGV[i])], member)
  if row and row:match('^([^\n]*)\n') == owner then
    fields[#fields + 1] = { tonumber(ARGV[i]), member, note:match('^[^\n]*') }
    reply[#reply + 1] = note
    reply[#reply + 1] = row
  end
end
-- Not refused for want of memory, and after it nothing is.
redis.call('HDEL', KEYS[1], '')
for _, field in ipairs(fields) do
  redis.call('HDEL', KEYS[field[1]], field[2])
  if redis.call('EXISTS', KEYS[field[1]]) == 0 then redis.call('ZREM', KEYS[5], field[3]) end
end
for i = 3, #ARGV, 2 do noted = noted - redis.call('SREM', KEYS[3], ARGV[i + 1]) end
if noted > 0 then
  reply[1] = 'more'
  redis.call('ZADD', KEYS[2], 'XX', 0, owner)
elseif redis.call('ZREM', KEYS[2], owner) == 1 then
  redis.call('ZREM', KEYS[4], owner)
  redis.call('HSET', KEYS[1], 'version', nextVersion())
end
return reply
