-- Deletes what a worker of another fleet was running, if that worker is gone from resque's set and nothing has changed.
-- KEYS 1 resque's set of workers   2 what it runs   ARGV 1 the worker   2 what was read
-- reply whether it was deleted
if redis.call('SISMEMBER', KEYS[1], ARGV[1]) == 1 or redis.call('GET', KEYS[2]) ~= ARGV[2] then return { 0 } end
return { redis.call('DEL', KEYS[2]) }
