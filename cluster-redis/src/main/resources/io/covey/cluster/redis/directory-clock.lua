-- Part of the directory's scripts: the virtual clock, which a silence of everybody stops. V is its time in ms.
-- KEYS 1 the clock (hash last, off, gap, version)
-- ARGV not used
-- Reply: none
local t = redis.call('TIME')
local NOW = t[1] * 1000 + math.floor(t[2] / 1000)
local clock = redis.call('HMGET', KEYS[1], 'last', 'off', 'gap', 'version')
local OFF, VERSION = tonumber(clock[2] or '0'), clock[4] or '0'
if clock[1] then
  local silence, gap = NOW - tonumber(clock[1]), tonumber(clock[3])
  if silence < 0 then OFF = OFF + silence elseif silence > gap then OFF = OFF + silence - gap end
end
local V = NOW - OFF
local function f0(number) return string.format('%.0f', number) end
-- Grows also if the data was lost, so that nobody takes a new roster for the one that is known.
local function nextVersion() return f0(math.max(tonumber(VERSION) + 1, NOW)) end
