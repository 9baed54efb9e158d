-- Head of what adds tasks to queues, all or none: judge reads and checks, add writes. What includes it begins its writes with
-- one that Redis refuses when it is out of memory.
-- Each queue is a block. In KEYS: list, clock; if it is rich also raw, meta, delayed, keyed, fair, parked, locks, and for each task what
-- its letters name. In ARGV: its name, how many tasks, p (plain: the tasks follow) or r (rich: for each task its bytes, its
-- letters, what they take):
--   i  an id: key of its marker; ms for which it is remembered
--   d  delayed as resque does it: keys of the list and the set of that time; the second
--   t  kept here until a time: ms
--   k  of a key, served in turn with others: the key
--   u  takes a lock: field, holder, ms at the longest     v  not while such a lock is held: field
--   w  takes a lock if it is free, and is added without it if not: as u
--   l  takes a lock of node-resque: its key; seconds at the longest     m  not while such a lock is held: its key
--   q  not before it was quiet: field, ms; replaces what has not started
local call = redis.call
local t = call('TIME')
local NOW, US = t[1] * 1000 + math.floor(t[2] / 1000), t[1] * 1000000 + t[2]
local FROM = math.ceil(US / 1000) -- for what lasts from now on: not cut short to the millisecond
local function f0(n) return string.format('%.0f', n) end

-- Forgets some entries of a hash that are over, as others come: there may be no worker of ours whose upkeep would.
local function forget(hash, over)
  local some, gone = call('HSCAN', hash, f0(math.floor(US / 8)), 'COUNT', 20)[2], {}
  for i = 1, #some, 2 do
    if over(some[i], some[i + 1]) then gone[#gone + 1] = some[i] end
  end
  if #gone > 0 then call('HDEL', hash, unpack(gone)) end
end

local function ended(field, value)
  return field:sub(1, 1) == 'u' and tonumber(value:match('^%d+')) <= NOW
end

-- The kinds of queues as they are, one letter each; clocks are KEYS from k.
local function kinds(k, n)
  local real = {}
  for i = 1, n do
    local set = call('HGET', KEYS[k + i - 1], 'set')
    real[i] = set and set:sub(1, 1) or 's'
  end
  return table.concat(real)
end

-- Reads and checks n blocks from KEYS k and ARGV a; the tasks' own ids begin with the prefix. Returns what add is given, and
-- codes (one letter a task: 1 added, 0 known or alike; empty if all are added).
local function judge(prefix, k, a, n)
  local plan, codes, number, plain = {}, {}, 0, true
  for b = 1, n do
    local first, name, count, rich = k, ARGV[a], tonumber(ARGV[a + 1]), ARGV[a + 2] == 'r'
    local q = { k = first, name = name, push = {}, items = {}, rich = rich }
    plan[b] = q
    a = a + 3; k = k + 2
    call('LLEN', KEYS[first])
    if not rich then
      q.from = a; q.to = a + count - 1
      for i = 1, count do codes[number + i] = '1' end
      number = number + count; a = a + count
    else
      k = k + 7; plain = false
      local raw, meta, delayed, keyed, locks = KEYS[first + 2], KEYS[first + 3], KEYS[first + 4], KEYS[first + 5], KEYS[first + 8]
      call('HLEN', raw); call('ZCARD', delayed); call('ZCARD', keyed); call('ZCARD', KEYS[first + 6]); call('ZCARD', KEYS[first + 7])
      q.turn = tonumber(call('HGET', KEYS[first + 1], 'turn') or 0)
      local seen = {}
      for _ = 1, count do
        number = number + 1
        local item, take = { raw = ARGV[a], id = 'e:' .. prefix .. '.' .. number, marks = {} }, true
        local letters = ARGV[a + 1]
        a = a + 2
        for c in letters:gmatch('.') do
          if c == 'i' then
            item.marker = KEYS[k]; item.remember = ARGV[a]; k = k + 1; a = a + 1
            take = take and not seen[item.marker] and call('EXISTS', item.marker) == 0
            item.marks[item.marker] = true
          elseif c == 'd' then
            item.list = KEYS[k]; item.times = KEYS[k + 1]; item.second = ARGV[a]; k = k + 2; a = a + 1
            call('LLEN', item.list); call('SCARD', item.times)
          elseif c == 't' then item.due = tonumber(ARGV[a]); a = a + 1
          elseif c == 'k' then item.key = ARGV[a]; a = a + 1
          elseif c == 'u' or c == 'v' then
            local field = ARGV[a]
            local held = call('HGET', locks, field)
            take = take and not seen[field] and not (held and tonumber(held:match('^(%d+)|')) > NOW)
            if c == 'u' then
              item.field = field; item.lock = f0(FROM + ARGV[a + 2]) .. '|' .. ARGV[a + 1]; a = a + 3
              item.marks[field] = true
            else a = a + 1 end
          elseif c == 'w' then
            local field = ARGV[a]
            local held = call('HGET', locks, field)
            if not seen[field] and not (held and tonumber(held:match('^(%d+)|')) > NOW) then
              item.field = field; item.lock = f0(FROM + ARGV[a + 2]) .. '|' .. ARGV[a + 1]
              item.marks[field] = true
            end
            a = a + 3
          elseif c == 'l' or c == 'm' then
            local key = KEYS[k]; k = k + 1
            local now, held = math.floor(NOW / 1000 + 0.5), call('GET', key)
            local till = held and tonumber(held:match('^%s*(%d+)'))
            take = take and not seen[key] and not (till and now <= till)
            if c == 'l' then
              item.mutex = key; item.ttl = ARGV[a]; item.till = f0(now + ARGV[a] + 1); a = a + 1
              item.marks[key] = true
            end
          elseif c == 'q' then
            item.quiet = ARGV[a]; item.due = FROM + ARGV[a + 1]; a = a + 2
            local before = call('HGET', locks, item.quiet)
            before = before and before:match('|(.*)$')
            if before then
              local order, whose = (call('HGET', meta, before) or ''):match('^0|0|0|([^|]*)|?([^%z]*)$')
              local place = order and whose .. '\0b' .. order .. before -- where it waits for its key, once it is due
              if order and (call('ZSCORE', delayed, before) or call('ZSCORE', keyed, place)) then
                item.replaces = before; item.place = place
              end
            end
          end
        end
        codes[number] = take and '1' or '0'
        if take then
          for mark in pairs(item.marks) do seen[mark] = true end
          if item.quiet then
            if seen[item.quiet] then seen[item.quiet].dropped = true end
            seen[item.quiet] = item
          end
          q.items[#q.items + 1] = item
        end
      end
    end
  end
  return plan, plain and '' or table.concat(codes)
end

-- Writes what was judged; QUEUES and SCHEDULE are resque's set of queues and its delayed_queue_schedule.
local function add(plan, QUEUES, SCHEDULE)
  for _, q in ipairs(plan) do
    local k, some = q.k, not q.rich
    if not q.rich then call('RPUSH', KEYS[k], unpack(ARGV, q.from, q.to))
    else
      local raws, metas, later, places, turns, locks, fresh = {}, {}, {}, {}, {}, {}, {}
      for i, item in ipairs(q.items) do
        local kept = item.due and item.due > NOW
        if item.replaces then
          call('HDEL', KEYS[k + 2], item.replaces); call('HDEL', KEYS[k + 3], item.replaces); call('ZREM', KEYS[k + 4], item.replaces)
          call('ZREM', KEYS[k + 5], item.place)
        end
        if not item.dropped then
          some = true
          if item.quiet then locks[#locks + 1] = item.quiet; locks[#locks + 1] = f0(item.due) .. '|' .. item.id end
          if kept or item.key then
            raws[#raws + 1] = item.id; raws[#raws + 1] = item.raw
            metas[#metas + 1] = item.id
            if kept then
              metas[#metas + 1] = '0|0|0|' .. (item.key and '|' .. item.key or '')
              later[#later + 1] = f0(item.due); later[#later + 1] = item.id
            else
              local order = string.format('%016.0f%03d', US, i)
              metas[#metas + 1] = '0|0|0|' .. order .. '|' .. item.key
              places[#places + 1] = 0; places[#places + 1] = item.key .. '\0b' .. order .. item.id
              turns[item.key] = true
            end
          elseif item.second then
            call('RPUSH', item.list, item.raw)
            call('SADD', item.times, 'delayed:' .. item.second)
            call('ZADD', SCHEDULE, item.second, item.second)
          else
            fresh[#fresh + 1] = item.raw
          end
        end
        if item.marker then call('SET', item.marker, item.id, 'PX', item.remember) end
        if item.field then locks[#locks + 1] = item.field; locks[#locks + 1] = item.lock end
        if item.mutex then call('SET', item.mutex, item.till, 'EX', item.ttl) end
      end
      if #fresh > 0 then call('RPUSH', KEYS[k], unpack(fresh)) end
      if #raws > 0 then call('HSET', KEYS[k + 2], unpack(raws)); call('HSET', KEYS[k + 3], unpack(metas)) end
      if #later > 0 then call('ZADD', KEYS[k + 4], unpack(later)); call('HSET', KEYS[k + 1], 'kept', 1) end
      if #places > 0 then
        call('ZADD', KEYS[k + 5], unpack(places))
        for key in pairs(turns) do
          if not call('ZSCORE', KEYS[k + 7], key) then call('ZADD', KEYS[k + 6], 'NX', f0(q.turn + 1), key) end
        end
      end
      if #locks > 0 then
        call('HSET', KEYS[k + 8], unpack(locks))
        if US % 8 == 0 then forget(KEYS[k + 8], ended) end
      end
    end
    if some then call('SADD', QUEUES, q.name) end
  end
end
