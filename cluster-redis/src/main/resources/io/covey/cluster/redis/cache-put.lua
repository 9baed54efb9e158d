-- Replaces an entry of one version.
-- KEYS 1 the entry (string: format byte, 8 bytes version, value)
-- ARGV 1 the version it must have, 8 bytes  2 the new entry  3.. options of SET: PX and ms, KEEPTTL, or none
-- Reply: 1; 0 if there is no entry or it has another version
if redis.call('GETRANGE', KEYS[1], 1, 8) ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[2], unpack(ARGV, 3))
return 1
