-- Reads a part of the history of a channel. One that has no epoch gets it, so that there is a place to go on from.
-- KEYS 1 the history (stream)  2 its head (hash), see history-publish.lua
-- ARGV 1 an epoch if there is none  2 for how long a head that is made now is kept, ms
--      3 now, last or after  4 how many newest, or the offset  5 the epoch of the offset  6 the most messages
--      7 the most bytes, but one message at least
-- Reply: epoch, offset of the newest, 1 if nothing is missing before the first message; of each message its offset, that of
--      the one before, the message
local head = redis.call('HMGET', KEYS[2], 'e', 'n', 'w')
local epoch, newest = head[1], head[2] or '0'
if not epoch then
  epoch = ARGV[1]
  redis.call('HSET', KEYS[2], 'e', epoch)
  redis.call('PEXPIRE', KEYS[2], ARGV[2])
  redis.call('DEL', KEYS[1])
end
local reply = {epoch, newest, 1}
if ARGV[3] == 'now' then return reply end
local t = redis.call('TIME')
local from = math.max(0, t[1] * 1000000 + t[2] - (head[3] or 0) * 1000)
if ARGV[3] == 'after' then
  if ARGV[5] == epoch then from = math.max(from, ARGV[4] + 1) end
elseif redis.call('XLEN', KEYS[1]) > tonumber(ARGV[4]) then
  local tail = redis.call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', ARGV[4])
  if #tail > 0 then from = math.max(from, tonumber(tail[#tail][1]:match('^%d+'))) end
end
local left, bytes = tonumber(ARGV[6]), tonumber(ARGV[7])
while left > 0 and bytes > 0 do
  local some = redis.call('XRANGE', KEYS[1], string.format('%.0f', from), '+', 'COUNT', math.min(left, 10))
  for _, entry in ipairs(some) do
    if bytes > 0 then
      reply[#reply + 1] = entry[1]:match('^%d+')
      reply[#reply + 1] = entry[2][2]
      reply[#reply + 1] = entry[2][4]
      bytes = bytes - #entry[2][4]
      left = left - 1
      from = entry[1]:match('^%d+') + 1
    end
  end
  if #some < 10 then left = 0 end
end
if ARGV[3] == 'after' and (ARGV[5] ~= epoch or (reply[5] or newest) ~= ARGV[4]) then reply[3] = 0 end
return reply
