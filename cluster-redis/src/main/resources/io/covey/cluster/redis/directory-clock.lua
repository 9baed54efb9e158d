-- Part of the directory's scripts: the virtual clock, which a silence of everybody stops. V is its time in ms.
-- KEYS 1 the clock (hash last, off, gaps, version)
-- ARGV not used
-- Reply: none
local t = redis.call('TIME')
local NOW = t[1] * 1000 + math.floor(t[2] / 1000)
local clock = redis.call('HMGET', KEYS[1], 'last', 'off', 'gaps', 'version')
local OFF, USED, VERSION = tonumber(clock[2] or '0'), clock[3] or '', clock[4] or '0'
if clock[1] then
  local silence, gap = NOW - tonumber(clock[1]), smallestGap(USED, math.huge)
  if silence < 0 then OFF = OFF + silence elseif silence > gap then OFF = OFF + silence - gap end
end
local V = NOW - OFF
-- Grows also if the data was lost, so that nobody takes a new roster for the one that is known.
local function nextVersion() return f0(math.max(tonumber(VERSION) + 1, NOW)) end
