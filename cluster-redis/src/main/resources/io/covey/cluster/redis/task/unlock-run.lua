-- Frees node-resque's JobLock if it is still the holder's; if the task is done, forgets what node-resque's Retry keeps of it.
-- KEYS 1 lock   then what to forget   ARGV 1 holder
-- reply whether it was the holder's
local call, mine = redis.call, 0
local held = call('GET', KEYS[1])
if held and held:match('^%d+ (.*)$') == ARGV[1] then mine = call('DEL', KEYS[1]) end
if #KEYS > 1 then call('DEL', unpack(KEYS, 2)) end
return { mine }
