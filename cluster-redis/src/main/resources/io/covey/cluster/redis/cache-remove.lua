-- Removes an entry of one version.
-- KEYS 1 the entry (string: format byte, 8 bytes version, value)
-- ARGV 1 the version it must have, 8 bytes
-- Reply: 1; 0 if there is no entry or it has another version
if redis.call('GETRANGE', KEYS[1], 1, 8) ~= ARGV[1] then return 0 end
return redis.call('UNLINK', KEYS[1])
