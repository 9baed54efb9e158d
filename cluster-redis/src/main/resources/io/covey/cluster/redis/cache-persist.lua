-- Lets an entry live for ever.
-- KEYS 1 the entry (string)
-- ARGV none
-- Reply: 1; 0 if there is no entry
if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
redis.call('PERSIST', KEYS[1])
return 1
