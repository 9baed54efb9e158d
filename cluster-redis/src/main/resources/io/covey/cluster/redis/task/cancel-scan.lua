-- Looks for bytes with some text in them, one portion a call: among those in the list from its tail, which other takers do not move,
-- or among those that are ours.
-- KEYS 1 list   2 raw   ARGV 1 where (list, raw)   2 the text   3 offset from the tail, or the cursor   4 how many
-- reply where to go on (empty: that was all), then for each found its own id (empty in the list) and its bytes
local found = {}
if ARGV[1] == 'list' then
  local part = redis.pcall('LRANGE', KEYS[1], -ARGV[3] - ARGV[4], -ARGV[3] - 1)
  if part.err then part = {} end
  for _, raw in ipairs(part) do
    if raw:find(ARGV[2], 1, true) then found[#found + 1] = ''; found[#found + 1] = raw end
  end
  return { #part < tonumber(ARGV[4]) and '' or string.format('%.0f', ARGV[3] + ARGV[4]), found }
end
local r = redis.call('HSCAN', KEYS[2], ARGV[3], 'COUNT', ARGV[4])
for i = 1, #r[2], 2 do
  if r[2][i + 1]:find(ARGV[2], 1, true) then found[#found + 1] = r[2][i]; found[#found + 1] = r[2][i + 1] end
end
return { r[1] == '0' and '' or r[1], found }
