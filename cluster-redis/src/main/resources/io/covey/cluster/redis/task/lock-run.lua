-- Takes node-resque's JobLock: workers of every make let a task of this type and these arguments wait while it is held.
-- KEYS 1 lock   ARGV 1 holder   2 seconds at the longest
-- reply whether it is the holder's
local call, now = redis.call, tonumber(redis.call('TIME')[1])
local held = call('GET', KEYS[1])
if held and held:match('^%d+ (.*)$') ~= ARGV[1] then return { 0 } end
-- a number first, as node-resque writes it; what follows tells our holders apart
call('SET', KEYS[1], string.format('%.0f', now + ARGV[2] + 1) .. ' ' .. ARGV[1], 'EX', ARGV[2])
return { 1 }
