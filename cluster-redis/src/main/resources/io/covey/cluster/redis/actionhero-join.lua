-- Makes a connection a member of a chat room of actionhero's, if there is such a room.
-- KEYS 1 the members (hash connection -> JSON)  2 the rooms (set), if they are in the same slot
-- ARGV 1 the room  2 the connection  3 what is kept of the member (JSON)
-- Reply: 1; 0 if it was a member before; -1 if there is no such room
if KEYS[2] and redis.call('SISMEMBER', KEYS[2], ARGV[1]) == 0 then return -1 end
if redis.call('HEXISTS', KEYS[1], ARGV[2]) == 1 then return 0 end
return redis.call('HSET', KEYS[1], ARGV[2], ARGV[3])
