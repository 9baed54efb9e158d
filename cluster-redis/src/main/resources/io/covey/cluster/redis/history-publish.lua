-- Keeps messages in the history of a channel and publishes them, each with its place there. The head is written first: a
-- full server refuses the whole.
-- KEYS 1 the history (stream: p offset of the message before, m message; PX)
--      2 its head (hash e epoch, n offset of the newest, w for how long messages are kept, ms; PX)
-- ARGV 1 channel  2 s if it is sharded  3 an epoch if there is none  4 the most messages  5 for how long they are kept, ms
--      6 for how long the head outlives them, ms  7.. the messages
-- Reply: for each message how many heard it at this server
local head = redis.call('HMGET', KEYS[2], 'e', 'n')
local epoch, last = head[1] or ARGV[3], tonumber(head[2] or '0')
local t = redis.call('TIME')
local now = t[1] * 1000000 + t[2]
redis.call('HSET', KEYS[2], 'e', epoch, 'w', ARGV[5])
if not head[1] then redis.call('DEL', KEYS[1]) end
local heard = {}
for i = 7, #ARGV do
  local before = string.format('%.0f', last)
  last = math.max(last + 1, now)
  local offset = string.format('%.0f', last)
  redis.call('XADD', KEYS[1], 'MAXLEN', ARGV[4], offset .. '-0', 'p', before, 'm', ARGV[i])
  local frame = '\255\001' .. epoch .. ' ' .. before .. ' ' .. offset .. '\n' .. ARGV[i]
  if ARGV[2] == 's' then
    heard[i - 6] = redis.call('SPUBLISH', ARGV[1], frame)
  else
    heard[i - 6] = redis.call('PUBLISH', ARGV[1], frame)
  end
end
redis.call('XTRIM', KEYS[1], 'MINID', string.format('%.0f', now - ARGV[5] * 1000) .. '-0')
redis.call('HSET', KEYS[2], 'n', string.format('%.0f', last))
redis.call('PEXPIRE', KEYS[1], ARGV[5])
redis.call('PEXPIRE', KEYS[2], string.format('%.0f', ARGV[5] + ARGV[6]))
return heard
