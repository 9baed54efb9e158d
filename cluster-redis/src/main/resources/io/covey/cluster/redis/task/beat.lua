-- Renews the lease of an owner at one queue and takes back what was taken for lost but not claimed again.
-- KEYS as in lib   ARGV 2 owner   3 lease ms   then id, fence ... of all that it holds
-- reply the positions, from 1, of those that are lost; the ids that shall be stopped
local n, ids, lost, keep, metas, places = (#A - 3) / 2, {}, {}, {}, {}, {}
for i = 1, n do ids[i] = A[2 + 2 * i]; places[ids[i]] = i end
local ms = n > 0 and call('HMGET', K[4], unpack(ids)) or {}
for i, id in ipairs(ids) do
  local fence = A[3 + 2 * i] .. '|'
  if ms[i] and ms[i]:sub(1, #fence) == fence then keep[#keep + 1] = id; metas[#metas + 1] = ms[i]
  else lost[#lost + 1] = i end
end
local cancelled = CANCEL and tonumber(CANCEL) > NOW and call('ZRANGEBYSCORE', K[18], f0(NOW), '+inf') or {}
tick()
if #keep > 0 then
  call('ZADD', K[5], f0(V + tonumber(A[3])), A[2])
  for id in pairs(readopt(keep, metas)) do lost[#lost + 1] = places[id] end
end
return { lost, cancelled }
