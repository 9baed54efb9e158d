-- Takes a worker of ours off.
-- KEYS as in report   ARGV 1 owner   2 its member of resque's set   3 only if it was silent for so many ms; empty: always
-- reply whether it was there
local call, t = redis.call, redis.call('TIME')
local record = call('HGET', KEYS[2], ARGV[1])
if not record then return { 0 } end
local ms, member = record:match('^(%d+)|([^|]*)|')
if member ~= ARGV[2] then return { 0 } end
if ARGV[3] ~= '' and tonumber(ms) >= t[1] * 1000 + math.floor(t[2] / 1000) - tonumber(ARGV[3]) then return { 0 } end
call('HDEL', KEYS[2], ARGV[1])
call('SREM', KEYS[1], ARGV[2])
call('DEL', KEYS[3], KEYS[4], KEYS[5], KEYS[6])
return { 1 }
