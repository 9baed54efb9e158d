-- Keeps one queue in order, one portion a call. Gives back what owners held whose lease is over: everything in meta is
-- looked at in portions; the scan stands for all owners that were overdue when it began, and they go at its end, when all
-- of theirs has been moved. An owner that beats meanwhile is beyond the mark. Now and then it is a sweep, which also looks
-- at what nobody holds for what a damaged key left in no place, or by halves; it looks at few enough a second, however many
-- workers ask, to be no burden where a million tasks wait for their time or key. One that takes that long gives way to owners
-- that became overdue, and begins anew a pause later.
-- Each sweep also ends locks that have run out, what is known of keys that are quiet, and notes of what shall be stopped; and
-- it counts the leased tasks of keys that have been at their limit since before it began: nothing changes their number.
-- KEYS as in lib   ARGV 2 maxDeliveries   3 ms after which a silent lane is dropped   4 ms between two sweeps
-- reply more (1: call again, 2: and while there is time, for owners are overdue), events (kind, id, owner, ...; kind gone: its
--      bytes are missing, half: all but its bytes), dead (the first
--      entries), done (tasks since the last count), the time (ms)
local maxd, age, pause = tonumber(A[2]), tonumber(A[3]), tonumber(A[4])
local PAGES, WINDOW = 10, 500 -- of a sweep: pages in so many ms
local s = call('HMGET', K[7], 'mark', 'cursor', 'lanes', 'swept', 'locks', 'keys', 'sweep', 'raws', 'paged')
local mark, cursor, swept, whole = tonumber(s[1] or nil), s[2] or '0', tonumber(s[4] or 0), s[7]
local scans, events, more = { lanes = s[3], locks = s[5], keys = s[6], raws = s[8] }, {}, 0
local opened, pages = (s[9] or ''):match('^(%d+)|(%d+)$')
opened, pages = tonumber(opened or 0), tonumber(pages or 0)
if NOW - opened >= WINDOW or NOW < opened then opened, pages = NOW, 0 end
local idle = leases() == 0
tick()
local sweep = V - swept >= pause or V < swept
if (not mark or whole) and call('ZCOUNT', K[5], mark and '(' .. f0(mark) or '-inf', f0(V)) > 0 then
  mark, cursor, whole = V, '0', nil
  call('HDEL', K[7], 'sweep')
elseif not mark then
  if sweep then
    mark, whole = V, f0(US)
    call('HSET', K[7], 'sweep', whole)
    call('HSET', K[7], 'swept', f0(V))
    if not scans.raws and call('HLEN', K[3]) > call('HLEN', K[4]) then scans.raws = '0' end
    for name, at in pairs({ lanes = 6, locks = 17, keys = 16 }) do
      if not scans[name] and call('EXISTS', K[at]) == 1 then scans[name] = '0' end
    end
    call('ZREMRANGEBYSCORE', K[18], '-inf', f0(NOW))
    if CANCEL and tonumber(CANCEL) <= NOW then call('HDEL', K[7], 'cancel') end
    if KEPT and call('EXISTS', K[19]) == 0 then call('HDEL', K[7], 'kept') end
    if idle then -- nothing is leased: a key that waits for a settlement would wait for ever
      local stuck = call('ZRANGEBYSCORE', K[15], f0(FOREVER), '+inf', 'LIMIT', 0, 500)
      for _, key in ipairs(stuck) do call('ZADD', K[15], 'XX', 0, key) end
    end
  end
end
if mark and not (whole and pages >= PAGES) then
  if whole then call('HSET', K[7], 'paged', f0(opened) .. '|' .. pages + 1) end
  local r = call('HSCAN', K[4], cursor, 'COUNT', whole and 200 or 1000)
  local entries, owners, index = r[2], {}, {}
  if not whole then
    local leased = {}
    for i = 2, #entries, 2 do
      if entries[i]:byte() ~= 48 then leased[#leased + 1] = entries[i - 1]; leased[#leased + 1] = entries[i] end
    end
    entries = leased -- what has the fence 0 nobody holds
  end
  for i = 2, #entries, 2 do
    local fence, _, _, owner = parse(entries[i])
    if fence ~= '0' and not index[owner] then owners[#owners + 1] = owner; index[owner] = #owners end
  end
  local deadlines = #owners > 0 and call('ZMSCORE', K[5], unpack(owners)) or {}
  local ids, metas, places, names = {}, {}, {}, {}
  for i = 1, #entries, 2 do
    local fence, _, _, owner, key = parse(entries[i + 1])
    local deadline = fence ~= '0' and deadlines[index[owner]]
    if not deadline or tonumber(deadline) <= mark then
      ids[#ids + 1] = entries[i]; metas[#metas + 1] = entries[i + 1]
      places[#places + 1] = key == '' and '' or place(entries[i], fence, owner, key)
      names[#names + 1] = key
    end
  end
  if whole and kmost and call('EXISTS', K[15]) == 1 then
    local held, spots, keys = {}, {}, {}
    for i = 1, #entries, 2 do
      local fence, _, _, owner, key = parse(entries[i + 1])
      if fence ~= '0' and key ~= '' then
        held[#held + 1] = entries[i]; spots[#spots + 1] = place(entries[i], fence, owner, key); keys[#keys + 1] = key
      end
    end
    if #held > 0 then
      local since = call('ZMSCORE', K[15], unpack(keys))
      for i, waits in ipairs(aside_of(held, spots)) do
        if not waits and tonumber(since[i] or 0) >= FOREVER then call('HINCRBY', K[16], 's' .. whole .. '\0' .. keys[i], 1) end
      end
    end
  end
  if #ids > 0 then -- most wait for their time, where there are many
    local kept, n = call('ZMSCORE', K[19], unpack(ids)), 0
    for i = 1, #kept do
      if not kept[i] then
        n = n + 1
        ids[n], metas[n], places[n], names[n] = ids[i], metas[i], places[i], names[i]
      end
    end
    for i = n + 1, #kept do ids[i], metas[i], places[i], names[i] = nil, nil, nil, nil end
  end
  if #ids > 0 then
    local inredo, inlast, inretry =
      call('ZMSCORE', K[2], unpack(ids)), call('ZMSCORE', K[9], unpack(ids)), call('ZMSCORE', K[8], unpack(ids))
    local inkeyed = call('ZMSCORE', K[13], unpack(places))
    local infair, inparked = call('ZMSCORE', K[14], unpack(names)), call('ZMSCORE', K[15], unpack(names))
    local redo, last, dead, gone = {}, {}, {}, {}
    for i, id in ipairs(ids) do
      if inkeyed[i] then
        if not (infair[i] or inparked[i]) then call('ZADD', K[14], f0(TURN + 1), names[i]) end
      elseif not (inredo[i] or inlast[i] or inretry[i]) then
        local fence, deliveries, attempt, owner, _, earlier = parse(metas[i])
        local kind = 'redo'
        if names[i] ~= '' and fence ~= '0' then count(names[i], -1) end
        if call('HEXISTS', K[3], ids[i]) == 0 then
          kind = 'gone'; gone[#gone + 1] = ids[i]
        elseif fence ~= '0' and deliveries >= maxd then
          kind = 'dead'; dead[#dead + 1] = { id, deliveries, attempt, owner, #earlier, earlier }
        elseif deliveries > 0 and deliveries + 1 >= maxd then
          kind = 'last'; last[#last + 1] = f0(US + i); last[#last + 1] = id
        else
          redo[#redo + 1] = f0(US + i); redo[#redo + 1] = id
        end
        local n = #events
        events[n + 1], events[n + 2], events[n + 3] = kind, id, fence ~= '0' and owner or ''
      end
    end
    if #redo > 0 then call('ZADD', K[2], unpack(redo)) end
    if #last > 0 then call('ZADD', K[9], unpack(last)) end
    if #gone > 0 then call('HDEL', K[4], unpack(gone)) end
    local ended = gone
    for _, d in ipairs(dead) do
      ended[#ended + 1] = d[1]
      local raw = call('HGET', K[3], d[1])
      if raw then call('RPUSH', K[10], table.concat(d, '|') .. '|' .. raw) end
      call('HDEL', K[3], d[1]); call('HDEL', K[4], d[1])
    end
    recount(); forget(ended)
  end
  if r[1] == '0' then
    call('ZREMRANGEBYSCORE', K[5], '-inf', f0(mark))
    if whole and kmost then
      for _, key in ipairs(call('ZRANGEBYSCORE', K[15], f0(FOREVER), f0(FOREVER + whole), 'LIMIT', 0, 500)) do
        local n = tonumber(call('HGET', K[16], 's' .. whole .. '\0' .. key) or 0)
        if n < tonumber(call('HGET', K[16], 'r' .. key) or 0) then
          if n > 0 then call('HSET', K[16], 'r' .. key, n) else call('HDEL', K[16], 'r' .. key) end
          call('ZADD', K[15], 'XX', 0, key)
        end
      end
    end
    call('HDEL', K[7], 'mark', 'cursor', 'sweep')
    if sweep and not whole then more = 1 end
  else
    call('HSET', K[7], 'mark', f0(mark), 'cursor', r[1]); more = whole and 1 or 2
  end
elseif mark and cursor == '0' then
  call('HSET', K[7], 'mark', f0(mark), 'cursor', '0') -- begun, and not yet its turn
end
-- One portion of a hash, whose fields go that are told to be old.
local function scan(name, key, old)
  if not scans[name] then return end
  local r, gone = call('HSCAN', key, scans[name], 'COUNT', 200), {}
  for i = 1, #r[2], 2 do
    if old(r[2][i], r[2][i + 1]) then gone[#gone + 1] = r[2][i] end
  end
  for i = 1, #gone, 500 do call('HDEL', key, unpack(gone, i, math.min(i + 499, #gone))) end
  if r[1] == '0' then call('HDEL', K[7], name) else call('HSET', K[7], name, r[1]); more = math.max(more, 1) end
end
scan('lanes', K[6], function(lane, record)
  -- lanes of producers are stamped by the server's time, those of workers by the virtual clock
  local now = lane:sub(-2) == ':e' and NOW or V
  return now - tonumber(record:match('^%d+;(%d+)') or 0) > age
end)
scan('locks', K[17], function(field, value)
  local at, id = value:match('^(%d+)|(.*)$')
  if field:sub(1, 1) == 'q' then return not at or call('HEXISTS', K[4], id) == 0 end
  return not at or tonumber(at) <= NOW
end)
if scans.raws then -- bytes of which nothing else is known: they go where the failed ones do
  local r, ids = call('HSCAN', K[3], scans.raws, 'COUNT', 20), {}
  for i = 1, #r[2], 2 do ids[#ids + 1] = r[2][i] end
  for i, m in ipairs(#ids > 0 and call('HMGET', K[4], unpack(ids)) or {}) do
    if not m then
      call('RPUSH', K[10], ids[i] .. '|0|0||0||' .. r[2][2 * i]); call('HDEL', K[3], ids[i])
      local n = #events
      events[n + 1], events[n + 2], events[n + 3] = 'half', ids[i], ''
    end
  end
  if r[1] == '0' then call('HDEL', K[7], 'raws') else call('HSET', K[7], 'raws', r[1]); more = math.max(more, 1) end
end
scan('keys', K[16], function(field, value)
  if field:sub(1, 1) == 's' then return not whole or field:sub(2, #whole + 1) ~= whole end
  if field:sub(1, 1) == 'r' then return idle end
  return tonumber(value) <= US
end)
-- Marks: at what time how many tasks had come into the list, counted from its first ever, and of these how many were taken. They
-- tell since when the first of the list has waited; what others took shows as fewer than had come before.
local length = redis.pcall('LLEN', K[1])
if type(length) == 'number' then
  local m = call('HMGET', K[7], 'got', 'ages')
  local got, marks, old, changed = tonumber(m[1] or 0), {}, 0, false
  if length > 0 then
    local last = 0
    for word, come in (m[2] or ''):gmatch('(%d+:(%d+);)') do
      old = old + 1
      if tonumber(come) > got then marks[#marks + 1] = word; last = tonumber(come) end
    end
    if got + length < last then
      call('HINCRBY', K[7], 'got', last - got - length)
    elseif got + length > last then
      marks[#marks + 1] = f0(NOW) .. ':' .. f0(got + length) .. ';'; changed = true
    end
    if #marks > 100 then -- the older, the less exactly
      for i = 50, 2, -2 do table.remove(marks, i) end
    end
    if changed or #marks ~= old then call('HSET', K[7], 'ages', table.concat(marks)) end
  elseif m[2] then call('HDEL', K[7], 'ages') end
end
return { more, events, call('LRANGE', K[10], 0, 49), DONE, NOW }
