-- Removes items from a list, once for each step of a lane.
-- KEYS 1 the lane (list: its last step, the items removed; PX)  2 the list
-- ARGV 1 step  2 how long the lane is remembered, ms  3 LPOP or RPOP  4 how many
-- Reply: the items removed; of a repeated step the same again; none if a later step was done before
local last = redis.call('LINDEX', KEYS[1], 0)
if last and tonumber(last) >= tonumber(ARGV[1]) then
  return last == ARGV[1] and redis.call('LRANGE', KEYS[1], 1, -1) or {}
end
-- a removal first, so that a list can be drained when memory is full
redis.call('DEL', KEYS[1])
local items = redis.call(ARGV[3], KEYS[2], ARGV[4]) or {}
redis.call('RPUSH', KEYS[1], ARGV[1], unpack(items))
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return items
