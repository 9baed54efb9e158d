-- Reads a portion of what an owner has claimed last.
-- KEYS 1 meta   ARGV 1 owner   2 cursor   3 about how many to look at
-- reply where to go on (empty: that was all), then id, fence of each
local r, found = redis.call('HSCAN', KEYS[1], ARGV[2], 'COUNT', ARGV[3]), {}
for i = 1, #r[2], 2 do
  local fence, owner = r[2][i + 1]:match('^(%d+)|%d+|%d+|([^|%z]*)')
  if owner == ARGV[1] and fence ~= '0' then found[#found + 1] = r[2][i]; found[#found + 1] = fence end
end
return { r[1] == '0' and '' or r[1], found }
