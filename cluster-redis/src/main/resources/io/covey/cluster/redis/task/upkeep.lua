-- Keeps one queue in order, one portion a call. Gives back what owners held whose lease is over: everything in meta is
-- looked at in portions; the scan stands for all owners that were overdue when it began, and they go at its end, when all
-- of theirs has been moved. An owner that beats meanwhile is beyond the mark. Now and then it is a sweep, which also looks
-- at what nobody holds for what a damaged key left in no place; one that may take minutes, because a million tasks wait
-- for their time or key, gives way to owners that became overdue, and begins anew a pause later.
-- Each sweep also ends locks that have run out, what is known of keys that are quiet, and notes of what shall be stopped.
-- KEYS as in lib   ARGV 2 maxDeliveries   3 ms after which a silent lane is dropped   4 ms between two sweeps
-- reply more (1: call again, 2: and while there is time, for owners are overdue), events (kind, id, owner, ...), dead (the first
--      entries), done (tasks since the last count), the time (ms)
local maxd, age, pause = tonumber(A[2]), tonumber(A[3]), tonumber(A[4])
local s = call('HMGET', K[7], 'mark', 'cursor', 'lanes', 'swept', 'locks', 'keys', 'sweep')
local mark, cursor, swept, whole = tonumber(s[1] or nil), s[2] or '0', tonumber(s[4] or 0), s[7]
local scans, events, more = { lanes = s[3], locks = s[5], keys = s[6] }, {}, 0
local idle = leases() == 0
tick()
local sweep = V - swept >= pause or V < swept
if (not mark or whole) and call('ZCOUNT', K[5], mark and '(' .. f0(mark) or '-inf', f0(V)) > 0 then
  mark, cursor, whole = V, '0', nil
  call('HDEL', K[7], 'sweep')
elseif not mark then
  if sweep then
    mark, whole = V, '1'
    call('HSET', K[7], 'sweep', '1')
    call('HSET', K[7], 'swept', f0(V))
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
if mark then
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
  if #ids > 0 then
    local inredo, inlast, inretry =
      call('ZMSCORE', K[2], unpack(ids)), call('ZMSCORE', K[9], unpack(ids)), call('ZMSCORE', K[8], unpack(ids))
    local inkeyed, indelayed = call('ZMSCORE', K[13], unpack(places)), call('ZMSCORE', K[19], unpack(ids))
    local infair, inparked = call('ZMSCORE', K[14], unpack(names)), call('ZMSCORE', K[15], unpack(names))
    local redo, last, dead = {}, {}, {}
    for i, id in ipairs(ids) do
      if inkeyed[i] then
        if not (infair[i] or inparked[i]) then call('ZADD', K[14], f0(TURN + 1), names[i]) end
      elseif not (inredo[i] or inlast[i] or inretry[i] or indelayed[i]) then
        local fence, deliveries, attempt, owner = parse(metas[i])
        local kind = 'redo'
        if names[i] ~= '' and fence ~= '0' then count(names[i], -1) end
        if fence ~= '0' and deliveries >= maxd then
          kind = 'dead'; dead[#dead + 1] = { id, deliveries, attempt, owner }
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
    local ended = {}
    for i, d in ipairs(dead) do
      ended[i] = d[1]
      local raw = call('HGET', K[3], d[1])
      if raw then call('RPUSH', K[10], table.concat(d, '|') .. '|' .. raw) end
      call('HDEL', K[3], d[1]); call('HDEL', K[4], d[1])
    end
    recount(); forget(ended)
  end
  if r[1] == '0' then
    call('ZREMRANGEBYSCORE', K[5], '-inf', f0(mark))
    call('HDEL', K[7], 'mark', 'cursor', 'sweep')
    if sweep and not whole then more = 1 end
  else
    call('HSET', K[7], 'mark', f0(mark), 'cursor', r[1]); more = whole and 1 or 2
  end
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
scan('keys', K[16], function(field, value)
  if field:sub(1, 1) == 'r' then return idle end
  return tonumber(value) <= US
end)
return { more, events, call('LRANGE', K[10], 0, 49), DONE, NOW }
