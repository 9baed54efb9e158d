-- Notes what a worker says of itself, for people and in the keys of resque.
-- KEYS 1 resque's set of workers   2 our records (hash owner -> ms|member|record)   3 what the worker runs
--      4 since when   5 stat:processed   6 stat:failed
-- ARGV 1 owner   2 member of resque's set   3 record   4 what it runs, in resque's form (empty: nothing long)
--      5 since when, in seconds   6 processed   7 failed   8 ms after which a silent worker is taken for dead
--      9 1: tell who is dead
-- reply owner, member ... of dead workers of ours, at most 50
local call, t = redis.call, redis.call('TIME')
local now, dead = t[1] * 1000 + math.floor(t[2] / 1000), {}
if ARGV[9] == '1' then
  local all = call('HGETALL', KEYS[2])
  for i = 1, #all, 2 do
    local ms, member = all[i + 1]:match('^(%d+)|([^|]*)|')
    if ms and all[i] ~= ARGV[1] and tonumber(ms) < now - tonumber(ARGV[8]) and #dead < 100 then
      dead[#dead + 1] = all[i]; dead[#dead + 1] = member
    end
  end
end
call('SCARD', KEYS[1])
call('HSET', KEYS[2], ARGV[1], string.format('%.0f', now) .. '|' .. ARGV[2] .. '|' .. ARGV[3])
call('SADD', KEYS[1], ARGV[2])
if ARGV[4] == '' then call('DEL', KEYS[3]) else call('SET', KEYS[3], ARGV[4], 'PX', ARGV[8]) end
call('SET', KEYS[4], ARGV[5], 'PX', ARGV[8])
call('SET', KEYS[5], ARGV[6], 'PX', ARGV[8])
call('SET', KEYS[6], ARGV[7], 'PX', ARGV[8])
return dead
