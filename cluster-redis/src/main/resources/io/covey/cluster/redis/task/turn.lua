-- One turn of a worker at one queue: settles what is finished, then claims. Repeatable by (lane, seq).
-- KEYS as in lib, those beyond 12 only if the queue has settings, delayed or cancelled tasks, or riders   11 failed (list)   12 stat:failed
--      20.. what the riders name
-- ARGV 2 lane   3 seq   4 owner   5 lease ms   6 limit   7 solo (1: the owner holds nothing else)   8 maxDeliveries
--      9 n   10 m   then n times: id, fence of a task that is done; then m times: id, fence, verb, argument with the verbs
--      d (done), r (retry, argument: delay in ms, a space, why), f (fail, argument: the entry for failed), l (release);
--      then riders, five words each, done if the settlement whose number comes first is accepted: number, what, and
--      n key-number bytes ms (keep a result) | u field holder - (free a lock) | k key-number - - (delete a lock) | c id - - (forget that
--      it shall be stopped)
-- reply status (0 ok, 1 replay, 2 stale, 3 unknown lane, 4 send the other keys too, 5 ok but the step before is not known), fence, ready, last tries, epoch, codes
--      (one letter for each settlement: 1 done, 0 fenced, - unknown), new tasks (their ids are lane.seq.1, lane.seq.2 ...;
--      delivery 1, attempt 1), others (id, bytes, deliveries, attempt, earlier attempts, ...), why there can be no new tasks if so; and where
--      there are settings or cancelled tasks: ms for which a limit keeps the queue, flags (o: ours, c: something is cancelled)
-- A lane's record: seq;virtual ms;fence;number of new tasks;codes;ids of the others
if (SET or CANCEL or KEPT) and #K < 19 then return { 4 } end
local lane, seq, owner, limit, ndone, mgen = A[2], tonumber(A[3]), A[4], tonumber(A[6]), tonumber(A[9]), tonumber(A[10])
local lasting, maxd = tonumber(A[5]), tonumber(A[8])
local prev, done = call('HGET', K[6], lane), 0
local waiting, strange = redis.pcall('LLEN', K[1])
if type(waiting) == 'table' then waiting, strange = 0, waiting.err end -- another fleet keeps something else there: no new tasks

local redo, due, ripe, last, keyed, ready, leased = 0, 0, 0, 0, 0, 0, nil
local function look() -- redo, due retries and delayed ones, last tries, tasks with keys
  redo, due, ripe, last, keyed, ready, leased = 0, 0, 0, 0, 0, 0, nil
  if OWN then
    if call('EXISTS', K[2], K[8], K[9], K[13]) > 0 then
      redo, due, last, keyed = call('ZCARD', K[2]), call('ZCOUNT', K[8], '-inf', NOW), call('ZCARD', K[9]), call('ZCARD', K[13])
      if keyed > 0 then
        ready = call('EXISTS', K[14]) > 0 and keyed or 0
        if ready == 0 and call('ZCOUNT', K[15], '-inf', NOW) > 0 then ready = keyed end
      end
    end
  elseif call('EXISTS', K[2], K[8], K[9]) > 0 then
    redo, due, last = call('ZCARD', K[2]), call('ZCOUNT', K[8], '-inf', NOW), call('ZCARD', K[9])
  end
  if KEPT then ripe = call('ZCOUNT', K[19], '-inf', NOW) end
  if most then leased = leases() end
end
-- how many the queue may hand out now, and if none, for how many ms
local function room()
  local n, wait = 200, 0
  if paused then return 0, 1000 end
  if most and most - leased < n then
    n = math.max(0, most - leased)
    if n == 0 then wait = 50 end
  end
  if T then
    local k, ms = permits(TAT, T, burst)
    if k < n then n = k end
    if k <= 0 then n = 0; wait = math.max(wait, ms) end
  end
  return n, wait
end
local function answer(status, fence, code, fresh, olds)
  if not SET and not CANCEL and not KEPT then return { status, fence, waiting + redo + due, last, EPOCH, code, fresh, olds, strange } end
  local n, wait = room()
  local total, pause = waiting + redo + due + ripe + ready, 0
  if n == 0 and (total > 0 or last > 0 or keyed > 0) then pause = wait end
  if n > 0 and total == 0 and keyed > 0 then -- all keys are at their limits
    local first = call('ZRANGE', K[15], 0, 0, 'WITHSCORES')[2]
    pause = first and tonumber(first) < FOREVER and math.max(1, math.min(60000, tonumber(first) - NOW)) or 50
  end
  local flags = (OWN and 'o' or '') .. (CANCEL and tonumber(CANCEL) > NOW and 'c' or '')
  if not (T or paused or most) then n = total end
  return { status, fence, math.min(total, n), last, EPOCH, code, fresh, olds, strange or '', pause, flags }
end
local function untouched(status)
  tick(); look()
  return answer(status, 0, '', {}, {})
end
local function renew() call('ZADD', K[5], 'GT', f0(V + lasting), owner) end

if not prev then
  if seq > 1 and call('HEXISTS', K[6], lane .. ':e') == 0 then return untouched(3) end
else
  local s, fence, fresh, codes, ids = prev:match('^(%d+);%d+;(%d+);(%d+);([^;]*);(.*)$')
  if seq < tonumber(s) then return untouched(2) end
  if seq > s + 1 then done = 5 end -- a failover has lost what lies between
  if seq == tonumber(s) then
    local list, again, mine, metas = {}, {}, {}, {}
    for i = 1, tonumber(fresh) do list[i] = lane .. '.' .. seq .. '.' .. i end
    for id in ids:gmatch('[^,]+') do list[#list + 1] = id end
    dirty()
    if #list > 0 then
      local ms, rs = call('HMGET', K[4], unpack(list)), call('HMGET', K[3], unpack(list))
      for i, id in ipairs(list) do
        if ms[i] and rs[i] then
          local f, deliveries, attempt, _, _, earlier = parse(ms[i])
          if f == fence then
            mine[#mine + 1] = id; metas[#metas + 1] = ms[i]
            again[#again + 1] = { id, rs[i], deliveries, attempt, earlier }
          end
        end
      end
      if #mine > 0 then -- the lease runs from the repeat, also of what was taken for lost meanwhile
        local lost, kept = readopt(mine, metas), {}
        renew()
        for _, one in ipairs(again) do
          local n = #kept
          if not lost[one[1]] then kept[n + 1], kept[n + 2], kept[n + 3], kept[n + 4], kept[n + 5] = unpack(one) end
        end
        again = kept
      end
    end
    tick(); look()
    return answer(1, tonumber(fence), codes, {}, again)
  end
end

-- settle
local codes = {}
if ndone + mgen > 0 then
  local ids, base = {}, 10 + 2 * ndone
  for i = 1, ndone do ids[i] = A[9 + 2 * i] end
  for i = 1, mgen do ids[ndone + i] = A[base + 4 * i - 3] end
  local ms = call('HMGET', K[4], unpack(ids))
  local held, gone, failed, metas, retry, redone, lasts, seen = {}, {}, {}, {}, {}, {}, {}, {}
  local haskey, places, names = {}, {}, {}
  local before, fence, same
  for i, id in ipairs(ids) do
    local general, m = base + 4 * (i - ndone), ms[i]
    local given = i <= ndone and A[10 + 2 * i] or A[general - 2]
    if given ~= before then before = given; fence = given .. '|'; same = nil end
    local again = seen[id] -- only the long form can name a task twice: what follows the first is unknown
    if i > ndone then seen[id] = true end
    if not m or again then codes[i] = '-'
    elseif m ~= same and m:find(fence, 1, true) ~= 1 then codes[i] = '0'
    else
      same = m
      codes[i] = '1'
      held[#held + 1] = id
      local verb = i <= ndone and 'd' or A[general - 1]
      if OWN then
        local f, _, _, by, key = parse(m)
        if key ~= '' then
          haskey[#haskey + 1] = id; names[#names + 1] = key; places[#places + 1] = place(id, f, by, key)
        end
      end
      if verb == 'd' then
        gone[#gone + 1] = id; DONE = DONE + 1
      elseif verb == 'f' then
        gone[#gone + 1] = id; failed[#failed + 1] = A[general]
      else -- given up: fence 0 is nobody's
        local _, deliveries, attempt, by, key, earlier = parse(m)
        metas[#metas + 1] = id
        if verb == 'r' then
          local ms, why = A[general]:match('^(%d+) (.*)$')
          metas[#metas + 1] = meta('0', 0, attempt, '', key, attempted(earlier, by, why))
          retry[#retry + 1] = f0((ms == '0' and NOW or math.ceil(US / 1000)) + tonumber(ms)); retry[#retry + 1] = id
        else
          metas[#metas + 1] = meta('0', math.max(0, deliveries - 1), math.max(0, attempt - 1), '', key, earlier)
          -- a last try that is given back stays one
          local to = deliveries > 1 and deliveries >= maxd and lasts or redone
          to[#to + 1] = f0(i - US); to[#to + 1] = id
        end
      end
    end
  end
  if #held > 0 then
    if #failed > 0 then call('LLEN', K[11]) end
    local riders, locks = base + 4 * mgen + 1, {}
    for a = riders, #A, 5 do
      if A[a + 1] == 'u' then locks[a] = call('HGET', K[17], A[a + 2]) end
    end
    if #haskey > 0 then
      for i, waits in ipairs(aside_of(haskey, places)) do
        if not waits then count(names[i], -1) end
      end
    end
    dirty()
    if #gone > 0 then call('HDEL', K[3], unpack(gone)); call('HDEL', K[4], unpack(gone)) end
    if call('EXISTS', K[2], K[9]) > 0 then -- taken for lost but not claimed again: this late settlement counts
      call('ZREM', K[2], unpack(held)); call('ZREM', K[9], unpack(held))
    end
    if #haskey > 0 then call('ZREM', K[13], unpack(places)); recount() end
    if #failed > 0 then call('RPUSH', K[11], unpack(failed)); call('INCRBY', K[12], #failed); call('HINCRBY', K[7], 'bad', #failed) end
    if #metas > 0 then call('HSET', K[4], unpack(metas)) end
    if #retry > 0 then call('ZADD', K[8], unpack(retry)) end
    if #redone > 0 then call('ZADD', K[2], unpack(redone)) end
    if #lasts > 0 then call('ZADD', K[9], unpack(lasts)) end
    for a = riders, #A, 5 do
      local what = A[a + 1]
      if codes[tonumber(A[a])] == '1' then
        if what == 'n' then call('SET', K[tonumber(A[a + 2])], A[a + 3], 'PX', A[a + 4])
        elseif what == 'k' then call('DEL', K[tonumber(A[a + 2])])
        elseif what == 'c' then
          if CANCEL then call('ZREM', K[18], A[a + 2]) end
        elseif locks[a] and (A[a + 3] == '' or locks[a]:match('|(.*)$') == A[a + 3]) then call('HDEL', K[17], A[a + 2]) end
      end
    end
    forget(gone)
  end
end

-- claim: last tries alone, then redo, due retries, new
look()
local fresh, olds, ids, fence = {}, {}, {}, 0
local free = limit
if limit > 0 and SET then free = math.min(limit, (room())) end
if free > 0 then
  local take, rest = {}, free
  -- what each key may have
  local known = {}
  local function learn(names)
    local fields = {}
    for _, key in ipairs(names) do
      if not known[key] then
        known[key] = { 0, 0 }
        fields[#fields + 1] = 'r' .. key; fields[#fields + 1] = 't' .. key
      end
    end
    if #fields == 0 then return end
    local values = call('HMGET', K[16], unpack(fields))
    for i = 1, #fields, 2 do
      known[fields[i]:sub(2)] = { tonumber(values[i] or 0), tonumber(values[i + 1] or 0) }
    end
  end
  local function may(key)
    local n, at = 1000, 0
    if kmost then
      n = kmost - known[key][1]
      if n <= 0 then return 0, FOREVER + US end
    end
    if KT then
      local k, ms = permits(known[key][2], KT, kburst)
      if k <= 0 then return 0, NOW + ms end
      n = math.min(n, k)
    end
    return n, at
  end
  local function charge(key, n)
    known[key][1] = known[key][1] + n
    if KT then
      local _, _, base = permits(known[key][2], KT, kburst)
      known[key][2] = base + n * KT
    end
    known[key].used = true
  end
  local function out(key, list)
    if #list > 0 then dirty(); call('ZREM', key, unpack(list)) end
  end
  -- tasks that waited elsewhere: those with keys go where their keys wait, the others are taken
  local function from(key, list, first)
    out(key, list)
    if not OWN then
      for _, id in ipairs(list) do take[#take + 1] = id end
      rest = rest - #list
      return
    end
    if #list == 0 then return end
    local ms, places, keys, orders = call('HMGET', K[4], unpack(list)), {}, {}, {}
    for i, id in ipairs(list) do
      local f, _, _, by, name = '', 0, 0, '', ''
      if ms[i] then f, _, _, by, name = parse(ms[i]) end
      if name == '' then
        take[#take + 1] = id; rest = rest - 1
      else
        if first then -- was delayed, and now waits in the order in which it is due
          by = string.format('%016.0f%03d', US, i)
          orders[#orders + 1] = id; orders[#orders + 1] = '0|0|0|' .. by .. '|' .. name
        end
        places[#places + 1] = 0; places[#places + 1] = place(id, f, by, name)
        keys[#keys + 1] = f0(TURN + 1); keys[#keys + 1] = name
      end
    end
    if #places > 0 then
      if first then call('HSET', K[4], unpack(orders)) end
      call('ZADD', K[13], unpack(places)); call('ZADD', K[14], 'NX', unpack(keys))
      keyed = keyed + #places / 2; ready = keyed
    end
  end
  -- keys in turn: each the same share of what is free, those at their limit none
  local function turns(wanted)
    local parked = call('ZRANGEBYSCORE', K[15], '-inf', NOW, 'LIMIT', 0, 200)
    if #parked > 0 then
      local back = {}
      for i, key in ipairs(parked) do back[2 * i - 1] = f0(TURN + 1); back[2 * i] = key end
      out(K[15], parked); call('ZADD', K[14], 'NX', unpack(back))
    end
    for _ = 1, 20 do
      local heads = wanted > 0 and call('ZRANGE', K[14], 0, wanted - 1, 'WITHSCORES') or {}
      local n = #heads / 2
      if n == 0 then break end
      local names, share, over = {}, math.floor(wanted / n), wanted % n
      for i = 1, n do names[i] = heads[2 * i - 1] end
      learn(names)
      local gone, ended, parks, tags = {}, {}, {}, {}
      for i, key in ipairs(names) do
        local allowed, at = may(key)
        local k = math.min(allowed, share + (i <= over and 1 or 0))
        local found = k > 0 and call('ZRANGEBYLEX', K[13], '[' .. key .. '\0', '(' .. key .. '\1', 'LIMIT', 0, k + 1) or {}
        local got = math.min(#found, k)
        for j = 1, got do
          local kind, id = found[j]:sub(#key + 2, #key + 2), found[j]:sub(#key + 3)
          take[#take + 1] = kind == 'b' and id:sub(20) or id
          gone[#gone + 1] = found[j]
        end
        if got > 0 then
          charge(key, got)
          TURN = math.max(TURN, tonumber(heads[2 * i]) + got - 1)
          allowed, at = may(key)
        end
        if k > 0 and #found <= k then ended[#ended + 1] = key
        elseif allowed <= 0 then
          ended[#ended + 1] = key; parks[#parks + 1] = f0(at); parks[#parks + 1] = key
        else
          tags[#tags + 1] = f0(tonumber(heads[2 * i]) + got); tags[#tags + 1] = key
        end
      end
      wanted = wanted - #gone; rest = rest - #gone; keyed = keyed - #gone
      out(K[13], gone); out(K[14], ended); dirty()
      if #parks > 0 then call('ZADD', K[15], unpack(parks)) end
      if #tags > 0 then call('ZADD', K[14], unpack(tags)) end
    end
    ready = keyed > 0 and call('EXISTS', K[14]) > 0 and keyed or 0
  end

  if A[7] == '1' and last > 0 then -- the first whose key has a place, of many if it must be
    for at = 0, math.min(last, 200) - 1, 10 do
      local heads = call('ZRANGE', K[9], at, OWN and at + 9 or at)
      local ms = OWN and call('HMGET', K[4], unpack(heads))
      for i, id in ipairs(heads) do
        local key = ms and ms[i] and select(5, parse(ms[i])) or ''
        if key ~= '' then learn({ key }) end
        if key == '' or may(key) > 0 then
          if key ~= '' then charge(key, 1) end
          out(K[9], { id }); take[1] = id; rest = 0
          break
        end
      end
      if rest == 0 then last = last - 1; break end
    end
  end
  if rest > 0 and redo > 0 then
    for _ = 1, 4 do
      local list = rest > 0 and redo > 0 and call('ZRANGE', K[2], 0, rest - 1) or {}
      if #list == 0 then break end
      from(K[2], list); redo = redo - #list
    end
  end
  if rest > 0 and due > 0 then
    -- at most half of a claim while new tasks wait, so that what keeps failing starves nobody; single claims alternate
    local share = math.min(rest, math.max(math.floor((free + seq % 2) / 2), rest - waiting - ready))
    if share > 0 then
      local list = call('ZRANGEBYSCORE', K[8], '-inf', NOW, 'LIMIT', 0, share)
      from(K[8], list); due = due - #list
    end
  end
  if rest > 0 and ripe > 0 then
    local list = call('ZRANGEBYSCORE', K[19], '-inf', NOW, 'LIMIT', 0, math.min(rest, math.max(math.ceil(rest / 2), rest - waiting - ready)))
    from(K[19], list, true); ripe = ripe - #list
  end
  if rest > 0 and keyed > 0 then -- tasks with keys and those without in turn
    turns(math.min(rest, math.max(math.floor((rest + seq % 2) / 2), rest - waiting)))
  end
  local bytes, n = 0, 0
  while rest > 0 and waiting > 0 and bytes < 4194304 do
    local part = call('LPOP', K[1], math.min(rest, 50)); clean = false
    local kept = #part
    for i = 1, #part do
      bytes = bytes + #part[i]
      if bytes > 4194304 and n > 0 then kept = i - 1; break end
      n = n + 1; fresh[n] = part[i]
    end
    for i = #part, kept + 1, -1 do call('LPUSH', K[1], part[i]) end
    rest = rest - kept; waiting = waiting - kept
  end
  if n > 0 or #take > 0 then
    FENCE = math.max(FENCE + 1, US); fence = f0(FENCE)
    local raws, metas, m = {}, {}, fence .. '|1|1|' .. owner
    local prefix = lane .. '.' .. seq .. '.'
    for i = 1, n do
      local id, x = prefix .. i, 2 * i
      raws[x - 1] = id; raws[x] = fresh[i]; metas[x - 1] = id; metas[x] = m
    end
    if #take > 0 then
      local ms, rs, late = call('HMGET', K[4], unpack(take)), call('HMGET', K[3], unpack(take)), {}
      for i, id in ipairs(take) do
        if ms[i] and rs[i] then -- else half of it is gone: it must not block the others
          local f, deliveries, attempt, by, key, earlier = parse(ms[i])
          bytes = bytes + #rs[i]
          if bytes > 4194304 and n + #ids > 0 then -- too much for one answer: next time, first of all
            late[#late + 1] = f0(i - US); late[#late + 1] = id
          else
            local k = #olds
            if f ~= '0' then earlier = attempted(earlier, by, '') end -- who had it last has died
            olds[k + 1], olds[k + 2], olds[k + 3], olds[k + 4], olds[k + 5] = id, rs[i], deliveries + 1, attempt + 1, earlier
            metas[#metas + 1] = id
            metas[#metas + 1] = meta(fence, deliveries + 1, attempt + 1, owner, key, earlier)
            if key ~= '' then count(key, 1) end
            ids[#ids + 1] = id
          end
        end
      end
      if #late > 0 then call('ZADD', K[2], unpack(late)); redo = redo + #late / 2 end
      recount()
    end
    if n > 0 then call('HSET', K[3], unpack(raws)); GOT = GOT + n end
    if #metas > 0 then call('HSET', K[4], unpack(metas)); renew() end
    local taken = n + #ids
    if leased then leased = leased + taken end
    if T then
      local _, _, base = permits(TAT, T, burst)
      TAT = base + taken * T
      call('HSET', K[7], 'tat', f0(TAT))
    end
    if KT then
      local used = {}
      for key, state in pairs(known) do
        if state.used then used[#used + 1] = 't' .. key; used[#used + 1] = f0(state[2]) end
      end
      if #used > 0 then call('HSET', K[16], unpack(used)) end
    end
    if TURN ~= tonumber(c[8] or 0) then call('HSET', K[7], 'turn', f0(TURN)) end
  end
end
local code = table.concat(codes)
dirty()
-- an empty answer is recorded too: a late copy of it must not claim what nobody would know of
call('HSET', K[6], lane, seq .. ';' .. f0(V) .. ';' .. fence .. ';' .. #fresh .. ';' .. code .. ';' .. table.concat(ids, ','))
tick()
return answer(done, tonumber(fence), code, fresh, olds)
