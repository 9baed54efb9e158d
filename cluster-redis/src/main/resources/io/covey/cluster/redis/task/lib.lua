-- Head of turn, beat, upkeep and what changes tasks: keys, the server's time, the queue's virtual clock, its settings.
-- KEYS 1 queue (list)   2 redo (zset, order)   3 raw (hash id -> bytes)   4 meta (hash id -> fence|deliveries|attempt|owner,
--      or for a task with a key fence|deliveries|attempt|owner|key, where the owner of one never claimed is its order; behind
--      that NUL and its attempts before, if there were any: of each the ms of its end, owner NUL error NUL; NUL alone if it was
--      given back after some)
--      5 lease (zset owner -> virtual ms)   6 lanes (hash)   7 clock (hash)   8 retry (zset, server ms)   9 last (zset)   10 dead (list)
--      13 keyed (zset, all 0, of place: key NUL a id, or key NUL b order id)   14 fair (zset key -> its next turn)
--      15 parked (zset key -> server ms before which it gets nothing; FOREVER and the us of now until one of its tasks is settled)
--      16 keys (hash r..key -> leased, t..key -> us up to which its rate is used)   17 locks (hash)   18 cancel (zset id -> server ms)
--      19 delayed (zset, server ms): of ours, never claimed yet
-- ARGV 1 gap, of the caller's lease: a silence longer than the smallest in use, in ms, is cut out of the virtual clock, see gaps
-- These scripts must pass whole when Redis is out of memory, or a full Redis could never be drained: the first write of
-- each is a removal, after which Redis refuses nothing. Bytes of tasks are never parsed.
local K, A, call = KEYS, ARGV, redis.call
local t = call('TIME')
local NOW, US = t[1] * 1000 + math.floor(t[2] / 1000), t[1] * 1000000 + t[2]
local c = call('HMGET', K[7], 'last', 'off', 'fence', 'epoch', 'done', 'set', 'cancel', 'turn', 'tat', 'kept', 'got', 'gaps')
local OFF, FENCE, EPOCH, DONE = tonumber(c[2] or 0), tonumber(c[3] or 0), c[4], tonumber(c[5] or 0)
local SET, CANCEL, TURN, TAT, KEPT, GOT = c[6], c[7], tonumber(c[8] or 0), tonumber(c[9] or 0), c[10], tonumber(c[11] or 0)
local OWN = SET and SET:sub(1, 1) == 'o'
local FOREVER = 1e15
local paused, most, T, burst, kmost, KT, kburst -- see SettingsText; T and KT are the us between two starts
if SET then
  local p, n, a, b, d, kn, ka, kb, kd = SET:match('^%a;(%d);(%d*);(%d*);(%d*);(%d*);(%d*);(%d*);(%d*);(%d*)')
  paused, most, kmost = p == '1', tonumber(n), tonumber(kn)
  if a ~= '' then T, burst = b * 1000 / a, tonumber(d) end
  if ka ~= '' then KT, kburst = kb * 1000 / ka, tonumber(kd) end
end
-- GCRA: how many may start now, the ms until the next may, and from where on to charge, if up to tat is used
local function permits(tat, interval, depth)
  local base = math.min(math.max(tat, US), US + interval * depth)
  local n = math.floor((US + interval * depth - base) / interval + 0.001)
  return n, math.max(1, math.ceil((base + interval - interval * depth - US) / 1000)), base
end
if c[1] then
  local silence, gap = NOW - tonumber(c[1]), smallestGap(c[12] or '', tonumber(A[1]))
  if silence < 0 then OFF = OFF + silence elseif silence > gap then OFF = OFF + silence - gap end
end
local V = NOW - OFF
-- a gap is two fifths of a lease, rounded down
local function gaps() return renewedGaps(c[12] or '', tonumber(A[1]), V + 2.5 * (A[1] + 1), V) end
local clean = true
local function dirty()
  if clean then call('HDEL', K[6], ''); clean = false end
end
local function tick()
  dirty()
  local now = { 'last', f0(NOW), 'off', f0(OFF), 'fence', f0(FENCE), 'done', f0(DONE), 'got', f0(GOT), 'gaps', gaps() }
  if not EPOCH then
    EPOCH = f0(US)
    now[#now + 1] = 'epoch'; now[#now + 1] = EPOCH
  end
  call('HSET', K[7], unpack(now))
end
local function parse(m)
  local fence, deliveries, attempt, owner, key, earlier = m:match('^(%d+)|(%d+)|(%d+)|([^|%z]*)|?([^%z]*)%z?(.*)$')
  return fence, tonumber(deliveries), tonumber(attempt), owner, key, earlier
end
local function meta(fence, deliveries, attempt, owner, key, earlier)
  return fence .. '|' .. deliveries .. '|' .. attempt .. '|' .. owner .. (key ~= '' and '|' .. key or '') .. (earlier ~= '' and '\0' .. earlier or '')
end
-- One more attempt, of which the last five are kept: a NUL is in none of its parts.
local function attempted(earlier, owner, why)
  local all, n = earlier .. f0(NOW) .. ' ' .. owner .. '\0' .. why .. '\0', 0
  local parts = {}
  for one in all:gmatch('%d+ [^%z]*%z[^%z]*%z') do n = n + 1; parts[n] = one end
  return table.concat(parts, '', math.max(1, n - 4), n)
end
-- Where a task waits among those of its key: what had a lease before comes first, the others in their order.
local function place(id, fence, owner, key)
  if fence == '0' and owner ~= '' then return key .. '\0b' .. owner .. id end
  return key .. '\0a' .. id
end
-- Which of these tasks, that have keys, wait in one of those places rather than being leased.
local function aside_of(ids, places)
  local redo, last, keyed = call('ZMSCORE', K[2], unpack(ids)), call('ZMSCORE', K[9], unpack(ids)), call('ZMSCORE', K[13], unpack(places))
  local waits = {}
  for i = 1, #ids do waits[i] = (redo[i] or last[i] or keyed[i]) and true or false end
  return waits
end
local function leases()
  return call('HLEN', K[4]) - call('ZCARD', K[2]) - call('ZCARD', K[8]) - call('ZCARD', K[9]) - call('ZCARD', K[13]) - call('ZCARD', K[19])
end
local change = {}
local function count(key, by) change[key] = (change[key] or 0) + by end
-- How many of each key are leased has changed: one that was at its limit may go on.
local function recount()
  for key, by in pairs(change) do
    if by ~= 0 then
      if call('HINCRBY', K[16], 'r' .. key, by) <= 0 then call('HDEL', K[16], 'r' .. key) end
      if by < 0 and tonumber(call('ZSCORE', K[15], key) or 0) >= FOREVER then
        call('ZREM', K[15], key); call('ZADD', K[14], f0(TURN + 1), key)
      end
    end
  end
  change = {}
end
-- Nobody wants these to be stopped any more: they have ended.
local function forget(ids)
  if not CANCEL or #ids == 0 then return end
  local fields = {}
  for i, id in ipairs(ids) do fields[i] = 'c' .. id end
  local known = call('HMGET', K[17], unpack(fields))
  for i, id in ipairs(ids) do
    call('ZREM', K[18], id, id:match('^e:(.*)$') or id)
    if known[i] then call('ZREM', K[18], known[i]:match('|(.*)$') or '') end
  end
  call('HDEL', K[17], unpack(fields))
  if call('ZCARD', K[18]) == 0 then call('HDEL', K[7], 'cancel'); CANCEL = nil end
end
-- What was taken for lost but not claimed again is its owner's again, if the limits have a place for it; first write a
-- removal. Returns which have none.
local function readopt(ids, metas)
  local lost, mine = {}, ids
  dirty()
  if SET then
    local names, places, fields, running, gone = {}, {}, {}, {}, {}
    for i, id in ipairs(ids) do
      local fence, _, _, owner, key = parse(metas[i])
      names[i] = key
      places[i] = key == '' and '' or place(id, fence, owner, key)
      if key ~= '' and not running[key] then running[key] = 0; fields[#fields + 1] = 'r' .. key end
    end
    if #fields > 0 then
      local values = call('HMGET', K[16], unpack(fields))
      for i, field in ipairs(fields) do running[field:sub(2)] = tonumber(values[i] or 0) end
    end
    local leased = most and leases() or 0
    mine = {}
    for i, waits in ipairs(aside_of(ids, places)) do
      local key = names[i]
      if waits and (most and leased >= most or kmost and key ~= '' and running[key] >= kmost) then lost[ids[i]] = true
      else
        mine[#mine + 1] = ids[i]
        if waits then
          leased = leased + 1
          if key ~= '' then running[key] = running[key] + 1; count(key, 1); gone[#gone + 1] = places[i] end
        end
      end
    end
    if #gone > 0 then call('ZREM', K[13], unpack(gone)) end
    recount()
  end
  if #mine > 0 then call('ZREM', K[2], unpack(mine)); call('ZREM', K[9], unpack(mine)) end
  return lost
end
