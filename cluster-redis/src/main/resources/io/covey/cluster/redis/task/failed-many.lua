-- Takes failed tasks out of their list by the places where they were, if their bytes are still there, and adds them to their
-- queues again; or does nothing. Newer ones come at the end and what is removed lets those after it move down: so they are
-- looked for a bit before their places, too. Nobody ever sees the marks.
-- KEYS 1 failed   2 resque's set of queues   then the clocks of the queues whose tasks have keys or locks, then blocks as in add, of
--      those first
-- ARGV 1 bytes that are no failed task   2 how many there are   3 what their own ids begin with   4 how many blocks, 0 to drop
--      5 how many of them are of tasks with keys or locks   then for each task its place, descending, and its bytes   then the blocks
-- reply status (0 done, 1 some are not there, 2 not all queues of tasks with keys or locks are ours); of 1 their numbers, of 2 the kinds
local SEEN, NEAR, LOOKS = 32, 8, 4
local m, blocks, keyed, a = tonumber(ARGV[2]), tonumber(ARGV[4]), tonumber(ARGV[5]), 6
local len, from, page = call('LLEN', KEYS[1]), 0, {}
local function read(p)
  from = math.max(0, p - SEEN + 1); page = call('LRANGE', KEYS[1], from, p)
end
-- To find a place Redis goes there from the nearer end: for those close together once.
local function entry(p, before)
  if p >= from and p < from + #page then return page[p - from + 1] end
  if p - before > NEAR then return call('LINDEX', KEYS[1], p) end
  read(p)
  return page[p - from + 1]
end
local at, gone, below, shift, looks = {}, {}, len, 0, 0
for i = 1, m do
  local place, raw = tonumber(ARGV[a]), ARGV[a + 1]
  local before = i < m and tonumber(ARGV[a + 2]) - shift or -SEEN
  local p = math.min(place - shift, below - 1)
  local there = p >= 0 and entry(p, before) == raw
  if not there and p >= 0 and looks < LOOKS then
    looks = looks + 1
    read(p)
    for j = #page, 1, -1 do
      if page[j] == raw then p = from + j - 1; there = true; break end
    end
  end
  if there then
    at[#at + 1] = p; below = p; shift = place - p
  else gone[#gone + 1] = i end
  a = a + 2
end
if #gone > 0 then return { 1, gone } end
if m == 0 then return { 0 } end
if blocks == 0 then
  call('LTRIM', KEYS[1], 0, -1) -- removes nothing, but from here on nothing is refused for memory
else
  local real = kinds(3, keyed)
  if real:find('[^o]') then return { 2, real } end
  call('SCARD', KEYS[2])
  add((judge(ARGV[3], 3 + keyed, a, blocks)), KEYS[2], '') -- begins with a write that is refused for memory
end
for i = 1, m do call('LSET', KEYS[1], at[i], ARGV[1]) end
call('LREM', KEYS[1], len - at[m] < at[1] and -m or m, ARGV[1])
return { 0 }
