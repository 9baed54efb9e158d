-- Keeps one queue in order, one portion a call. Gives back what owners held whose lease is over, and what a damaged key
-- left in no place: everything in meta is looked at in portions; the scan stands for all owners that were overdue when
-- it began, and they go at its end, when all of theirs has been moved. An owner that beats meanwhile is beyond the mark.
-- KEYS as in lib   ARGV 2 maxDeliveries   3 ms after which a silent lane is dropped   4 ms between two sweeps
-- reply more (1: call again), events (kind, id, owner, ...), dead (the first entries), done (tasks since the last count), the time (ms)
local maxd, age, pause = tonumber(A[2]), tonumber(A[3]), tonumber(A[4])
local s = call('HMGET', K[7], 'mark', 'cursor', 'lanes', 'swept')
local mark, cursor, lanes, swept = tonumber(s[1] or nil), s[2] or '0', s[3], tonumber(s[4] or 0)
local events, more = {}, 0
tick()
if not mark then
  local sweep = V - swept >= pause or V < swept
  if sweep then call('HSET', K[7], 'swept', f0(V)); lanes = lanes or '0' end
  if sweep or call('ZCOUNT', K[5], '-inf', f0(V)) > 0 then mark = V end
end
if mark then
  local r = call('HSCAN', K[4], cursor, 'COUNT', 200)
  local entries, owners, index = r[2], {}, {}
  for i = 2, #entries, 2 do
    local fence, _, _, owner = parse(entries[i])
    if fence ~= '0' and not index[owner] then owners[#owners + 1] = owner; index[owner] = #owners end
  end
  local deadlines = #owners > 0 and call('ZMSCORE', K[5], unpack(owners)) or {}
  local ids, metas = {}, {}
  for i = 1, #entries, 2 do
    local fence, _, _, owner = parse(entries[i + 1])
    local deadline = fence ~= '0' and deadlines[index[owner]]
    if not deadline or tonumber(deadline) <= mark then ids[#ids + 1] = entries[i]; metas[#metas + 1] = entries[i + 1] end
  end
  if #ids > 0 then
    local inredo, inlast, inretry =
      call('ZMSCORE', K[2], unpack(ids)), call('ZMSCORE', K[9], unpack(ids)), call('ZMSCORE', K[8], unpack(ids))
    local redo, last, dead = {}, {}, {}
    for i, id in ipairs(ids) do
      if not (inredo[i] or inlast[i] or inretry[i]) then
        local fence, deliveries, _, owner = parse(metas[i])
        local kind = 'redo'
        if fence ~= '0' and deliveries >= maxd then
          kind = 'dead'; dead[#dead + 1] = { id, deliveries, owner }
        elseif deliveries > 0 and deliveries + 1 >= maxd then
          kind = 'last'; last[#last + 1] = f0(US + i); last[#last + 1] = id
        else
          redo[#redo + 1] = f0(US + i); redo[#redo + 1] = id
        end
        local n = #events
        events[n + 1], events[n + 2], events[n + 3] = kind, id, owner
      end
    end
    if #redo > 0 then call('ZADD', K[2], unpack(redo)) end
    if #last > 0 then call('ZADD', K[9], unpack(last)) end
    for _, d in ipairs(dead) do
      local raw = call('HGET', K[3], d[1])
      if raw then call('RPUSH', K[10], d[1] .. '|' .. d[2] .. '|' .. d[3] .. '|' .. raw) end
      call('HDEL', K[3], d[1]); call('HDEL', K[4], d[1])
    end
  end
  if r[1] == '0' then
    call('ZREMRANGEBYSCORE', K[5], '-inf', f0(mark))
    call('HDEL', K[7], 'mark', 'cursor')
  else
    call('HSET', K[7], 'mark', f0(mark), 'cursor', r[1]); more = 1
  end
end
if lanes then
  local r, old = call('HSCAN', K[6], lanes, 'COUNT', 200), {}
  for i = 1, #r[2], 2 do
    -- lanes of producers are stamped by the server's time, those of workers by the virtual clock
    local now = r[2][i]:sub(-2) == ':e' and NOW or V
    local at = tonumber(r[2][i + 1]:match('^%d+;(%d+)') or 0)
    if now - at > age then old[#old + 1] = r[2][i] end
  end
  if #old > 0 then call('HDEL', K[6], unpack(old)) end
  if r[1] == '0' then call('HDEL', K[7], 'lanes') else call('HSET', K[7], 'lanes', r[1]); more = 1 end
end
return { more, events, call('LRANGE', K[10], 0, 49), DONE, NOW }
