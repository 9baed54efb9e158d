-- Puts a portion of the tasks that wait to run again or for a retry back among the waiting, as if nobody had run them: into the
-- list, for everybody, or those with a key where new ones of their key wait. Those that are delayed stay.
-- KEYS as in lib   ARGV 2 how many of those that wait for their key to skip   3 how many at most
-- reply how many, how many to skip next (empty: that was all)
call('LLEN', K[1]); call('ZCARD', K[14]); call('ZCARD', K[15])
local skip, most, ids, out, ended = tonumber(A[2]), tonumber(A[3]), {}, {}, false
for _, key in ipairs({ K[2], K[9], K[8] }) do
  if #ids < most then
    for _, id in ipairs(call('ZRANGE', key, 0, most - #ids - 1)) do ids[#ids + 1] = id end
  end
end
if #ids < most then
  local page = call('ZRANGE', K[13], skip, skip + most - #ids - 1)
  ended = #page == 0
  for _, member in ipairs(page) do
    local id = member:match('^.*%za(.*)$')
    if id then ids[#ids + 1] = id; out[#out + 1] = member else skip = skip + 1 end
  end
end
if #ids == 0 then return { 0, ended and '' or f0(skip) } end
local raws, ms = call('HMGET', K[3], unpack(ids)), call('HMGET', K[4], unpack(ids))
local push, gone, metas, places, keys = {}, {}, {}, {}, {}
for i, id in ipairs(ids) do
  local key = ms[i] and select(5, parse(ms[i])) or ''
  if raws[i] and key ~= '' then
    local order = string.format('%016.0f%03d', US, i)
    metas[#metas + 1] = id; metas[#metas + 1] = '0|0|0|' .. order .. '|' .. key .. '\0'
    places[#places + 1] = 0; places[#places + 1] = place(id, '0', order, key)
    keys[key] = true
  else
    push[#push + 1] = raws[i] or nil; gone[#gone + 1] = id
  end
end
dirty()
if #push > 0 then call('RPUSH', K[1], unpack(push)) end
if #gone > 0 then call('HDEL', K[3], unpack(gone)); call('HDEL', K[4], unpack(gone)) end
if #metas > 0 then call('HSET', K[4], unpack(metas)); call('ZADD', K[13], unpack(places)) end
call('ZREM', K[2], unpack(ids)); call('ZREM', K[8], unpack(ids)); call('ZREM', K[9], unpack(ids))
if #out > 0 then call('ZREM', K[13], unpack(out)) end
for key in pairs(keys) do
  if not call('ZSCORE', K[15], key) then call('ZADD', K[14], 'NX', f0(TURN + 1), key) end
end
return { #ids, ended and '' or f0(skip) }
