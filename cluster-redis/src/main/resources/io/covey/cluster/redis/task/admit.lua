-- Judges claimed tasks by what was found in them only when they were read. One with a key (given back, or from elsewhere) is
-- counted for it, or if the key is at a limit waits in the place of its key. One that shall be stopped is known from now on
-- by its own id too, so that its end ends the note. A second call has no further effect.
-- KEYS as in lib   ARGV 2.. of each: id, fence, key (empty: none), id as its producer knows it
-- reply one letter each: 1 go on, 0 it is not its owner's any more
local codes, metas, places, known, ids, used = {}, {}, {}, {}, {}, {}
local wanted = {}
for a = 2, #A, 4 do
  ids[#ids + 1] = A[a]
  if A[a + 2] ~= '' then
    known[A[a + 2]] = known[A[a + 2]] or call('HMGET', K[16], 'r' .. A[a + 2], 't' .. A[a + 2])
  end
  if CANCEL and A[a + 3] ~= A[a] and call('ZSCORE', K[18], A[a + 3]) then
    wanted[#wanted + 1] = 'c' .. A[a]; wanted[#wanted + 1] = CANCEL .. '|' .. A[a + 3]
  end
end
local ms = call('HMGET', K[4], unpack(ids))
call('HLEN', K[17])
call('ZCARD', K[13]); call('ZCARD', K[14]); call('ZCARD', K[15])
for i, id in ipairs(ids) do
  local key, m = A[4 * i], ms[i]
  local fence, deliveries, attempt, owner, before, earlier = nil, 0, 0, '', '', ''
  if m then fence, deliveries, attempt, owner, before, earlier = parse(m) end
  if fence ~= A[4 * i - 1] then codes[i] = '0'
  elseif before ~= '' or key == '' then codes[i] = '1'
  else
    local state = known[key]
    local running, free, base = tonumber(state[1] or 0), 1, 0
    if KT then
      local n, _, from = permits(tonumber(state[2] or 0), KT, kburst)
      free, base = n, from
    end
    metas[#metas + 1] = id
    if free <= 0 or kmost and running >= kmost then
      codes[i] = '0'
      metas[#metas + 1] = meta('0', deliveries - 1, attempt - 1, '', key, earlier)
      places[#places + 1] = key; places[#places + 1] = id
    else
      codes[i] = '1'
      metas[#metas + 1] = meta(fence, deliveries, attempt, owner, key, earlier)
      state[1] = running + 1; count(key, 1)
      if KT then state[2] = base + KT; used['t' .. key] = f0(state[2]) end
    end
  end
end
dirty()
if #metas > 0 then call('HSET', K[4], unpack(metas)) end
if #wanted > 0 then call('HSET', K[17], unpack(wanted)) end
recount()
for field, value in pairs(used) do call('HSET', K[16], field, value) end
for i = 1, #places, 2 do
  call('ZADD', K[13], 0, place(places[i + 1], '0', '', places[i]))
  if not call('ZSCORE', K[15], places[i]) then call('ZADD', K[14], 'NX', f0(TURN + 1), places[i]) end
end
return { table.concat(codes) }
