-- One turn of a worker at one queue: settles what is finished, then claims. Repeatable by (lane, seq).
-- KEYS as in lib   11 failed (list)   12 stat:failed
-- ARGV 2 lane   3 seq   4 owner   5 lease ms   6 limit   7 solo (1: the owner holds nothing else)   8 maxDeliveries
--      9 n, then n times: id, fence of a task that is done; then, in any number: id, fence, verb, argument with the verbs
--      d (done), r (retry, argument: delay in ms), f (fail, argument: the entry for failed), l (release)
-- reply status (0 ok, 1 replay, 2 stale, 3 unknown lane), fence, ready, last tries, epoch, codes (one letter for each
--      settlement: 1 done, 0 fenced, - unknown), new tasks (their ids are lane.seq.1, lane.seq.2 ...; delivery 1, attempt 1),
--      others (id, bytes, deliveries, attempt, ...), why there can be no new tasks if so
-- A lane's record: seq;virtual ms;fence;number of new tasks;codes;ids of the others
local lane, seq, owner, limit, ndone = A[2], tonumber(A[3]), A[4], tonumber(A[6]), tonumber(A[9])
local lasting, maxd = tonumber(A[5]), tonumber(A[8])
local prev = call('HGET', K[6], lane)
local waiting, strange = redis.pcall('LLEN', K[1])
if type(waiting) == 'table' then waiting, strange = 0, waiting.err end -- another fleet keeps something else there: no new tasks

local function aside() -- redo, due retries, last tries
  if call('EXISTS', K[2], K[8], K[9]) == 0 then return 0, 0, 0 end
  return call('ZCARD', K[2]), call('ZCOUNT', K[8], '-inf', NOW), call('ZCARD', K[9])
end
local function untouched(status)
  tick()
  local redo, due, last = aside()
  return { status, 0, waiting + redo + due, last, EPOCH, '', {}, {}, strange }
end
local function renew() call('ZADD', K[5], 'GT', f0(V + lasting), owner) end

if not prev then
  if seq > 1 and call('HEXISTS', K[6], lane .. ':e') == 0 then return untouched(3) end
else
  local s, fence, fresh, codes, ids = prev:match('^(%d+);%d+;(%d+);(%d+);([^;]*);(.*)$')
  if seq < tonumber(s) then return untouched(2) end
  if seq == tonumber(s) then
    local list, again, mine = {}, {}, {}
    for i = 1, tonumber(fresh) do list[i] = lane .. '.' .. seq .. '.' .. i end
    for id in ids:gmatch('[^,]+') do list[#list + 1] = id end
    dirty()
    if #list > 0 then
      local ms, rs = call('HMGET', K[4], unpack(list)), call('HMGET', K[3], unpack(list))
      for i, id in ipairs(list) do
        if ms[i] and rs[i] then
          local f, deliveries, attempt = parse(ms[i])
          if f == fence then
            mine[#mine + 1] = id
            local n = #again
            again[n + 1], again[n + 2], again[n + 3], again[n + 4] = id, rs[i], deliveries, attempt
          end
        end
      end
      if #mine > 0 then -- the lease runs from the repeat, also of what was taken for lost meanwhile
        call('ZREM', K[2], unpack(mine)); call('ZREM', K[9], unpack(mine)); renew()
      end
    end
    tick()
    local redo, due, last = aside()
    return { 1, tonumber(fence), waiting + redo + due, last, EPOCH, codes, {}, again, strange }
  end
end

-- settle
local codes = {}
if #A > 9 then
  local ids, base = {}, 9 + 2 * ndone
  for i = 1, ndone do ids[i] = A[8 + 2 * i] end
  for a = base + 1, #A, 4 do ids[#ids + 1] = A[a] end
  local ms = call('HMGET', K[4], unpack(ids))
  local held, gone, failed, metas, retry, redo, last, seen = {}, {}, {}, {}, {}, {}, {}, {}
  local before, fence
  for i, id in ipairs(ids) do
    local general, m = base + 4 * (i - ndone), ms[i]
    local given = i <= ndone and A[9 + 2 * i] or A[general - 2]
    if given ~= before then before = given; fence = given .. '|' end
    local again = seen[id] -- only the long form can name a task twice: what follows the first is unknown
    if i > ndone then seen[id] = true end
    if not m or again then codes[i] = '-'
    elseif m:find(fence, 1, true) ~= 1 then codes[i] = '0'
    else
      codes[i] = '1'
      held[#held + 1] = id
      local verb = i <= ndone and 'd' or A[general - 1]
      if verb == 'd' then
        gone[#gone + 1] = id; DONE = DONE + 1
      elseif verb == 'f' then
        gone[#gone + 1] = id; failed[#failed + 1] = A[general]
      else -- given up: fence 0 is nobody's
        local _, deliveries, attempt = parse(m)
        metas[#metas + 1] = id
        if verb == 'r' then
          metas[#metas + 1] = '0|0|' .. attempt .. '|'
          retry[#retry + 1] = f0(NOW + tonumber(A[general])); retry[#retry + 1] = id
        else
          metas[#metas + 1] = '0|' .. math.max(0, deliveries - 1) .. '|' .. math.max(0, attempt - 1) .. '|'
          -- a last try that is given back stays one
          local to = deliveries > 1 and deliveries >= maxd and last or redo
          to[#to + 1] = f0(i - US); to[#to + 1] = id
        end
      end
    end
  end
  if #held > 0 then
    if #failed > 0 then call('LLEN', K[11]) end
    dirty()
    if #gone > 0 then call('HDEL', K[3], unpack(gone)); call('HDEL', K[4], unpack(gone)) end
    if call('EXISTS', K[2], K[9]) > 0 then -- taken for lost but not claimed again: this late settlement counts
      call('ZREM', K[2], unpack(held)); call('ZREM', K[9], unpack(held))
    end
    if #failed > 0 then call('RPUSH', K[11], unpack(failed)); call('INCRBY', K[12], #failed) end
    if #metas > 0 then call('HSET', K[4], unpack(metas)) end
    if #retry > 0 then call('ZADD', K[8], unpack(retry)) end
    if #redo > 0 then call('ZADD', K[2], unpack(redo)) end
    if #last > 0 then call('ZADD', K[9], unpack(last)) end
  end
end

-- claim: last tries alone, then redo, due retries, new
local redo, due, last = aside()
local fresh, olds, ids, fence = {}, {}, {}, 0
if limit > 0 then
  local take, rest = {}, limit
  local function from(key, list)
    for _, id in ipairs(list) do take[#take + 1] = id end
    if #list > 0 then dirty(); call('ZREM', key, unpack(list)) end
    rest = rest - #list
    return #list
  end
  if A[7] == '1' and last > 0 then
    last = last - from(K[9], call('ZRANGE', K[9], 0, 0)); rest = 0
  end
  if redo > 0 and rest > 0 then redo = redo - from(K[2], call('ZRANGE', K[2], 0, rest - 1)) end
  if due > 0 and rest > 0 then
    -- at most half of a claim while new tasks wait, so that what keeps failing starves nobody; single claims alternate
    local most = math.min(rest, math.max(math.floor((limit + seq % 2) / 2), rest - waiting))
    if most > 0 then due = due - from(K[8], call('ZRANGEBYSCORE', K[8], '-inf', NOW, 'LIMIT', 0, most)) end
  end
  local bytes, n = 0, 0
  while rest > 0 and waiting > 0 and bytes < 4194304 do
    local part = call('LPOP', K[1], math.min(rest, 50)); clean = false
    for i = 1, #part do n = n + 1; fresh[n] = part[i]; bytes = bytes + #part[i] end
    rest = rest - #part; waiting = waiting - #part
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
      local ms, rs = call('HMGET', K[4], unpack(take)), call('HMGET', K[3], unpack(take))
      for i, id in ipairs(take) do
        if ms[i] and rs[i] then -- else half of it is gone: it must not block the others
          local _, deliveries, attempt = parse(ms[i])
          local k = #olds
          olds[k + 1], olds[k + 2], olds[k + 3], olds[k + 4] = id, rs[i], deliveries + 1, attempt + 1
          metas[#metas + 1] = id
          metas[#metas + 1] = fence .. '|' .. (deliveries + 1) .. '|' .. (attempt + 1) .. '|' .. owner
          ids[#ids + 1] = id
        end
      end
    end
    if n > 0 then call('HSET', K[3], unpack(raws)) end
    if #metas > 0 then call('HSET', K[4], unpack(metas)); renew() end
  end
end
local code = table.concat(codes)
dirty()
-- an empty answer is recorded too: a late copy of it must not claim what nobody would know of
call('HSET', K[6], lane, seq .. ';' .. f0(V) .. ';' .. fence .. ';' .. #fresh .. ';' .. code .. ';' .. table.concat(ids, ','))
tick()
return { 0, tonumber(fence), waiting + redo + due, last, EPOCH, code, fresh, olds, strange }
