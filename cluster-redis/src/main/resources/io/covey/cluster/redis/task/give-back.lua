-- Puts a portion of the tasks that wait to run again, for a retry or for their key back into the list, for everybody. Those
-- that are delayed stay.
-- KEYS as in lib   ARGV 2 how many at most
-- reply how many; 0 if that was all
call('LLEN', K[1])
local most = tonumber(A[2])
local ids, out = {}, {}
for _, key in ipairs({ K[2], K[9], K[8] }) do
  if #ids < most then
    for _, id in ipairs(call('ZRANGE', key, 0, most - #ids - 1)) do ids[#ids + 1] = id end
  end
end
if #ids < most then
  for _, member in ipairs(call('ZRANGE', K[13], 0, most - #ids - 1)) do
    local kind, id = member:match('^.*%z([ab])(.*)$')
    ids[#ids + 1] = kind == 'b' and id:sub(20) or id
    out[#out + 1] = member
  end
end
if #ids == 0 then return { 0 } end
local raws, push = call('HMGET', K[3], unpack(ids)), {}
dirty()
for i = 1, #ids do
  if raws[i] then push[#push + 1] = raws[i] end
end
if #push > 0 then call('RPUSH', K[1], unpack(push)) end
call('HDEL', K[3], unpack(ids)); call('HDEL', K[4], unpack(ids))
call('ZREM', K[2], unpack(ids)); call('ZREM', K[8], unpack(ids)); call('ZREM', K[9], unpack(ids))
if #out > 0 then call('ZREM', K[13], unpack(out)) end
return { #ids }
