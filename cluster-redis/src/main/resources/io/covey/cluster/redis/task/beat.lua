-- Renews the lease of an owner at one queue and takes back what was taken for lost but not claimed again.
-- KEYS as in lib   ARGV 2 owner   3 lease ms   then id, fence ... of all that it holds
-- reply the positions, from 1, of those that are lost; of the others the ids by which they shall be stopped
local n, ids, lost, keep, metas, places = (#A - 3) / 2, {}, {}, {}, {}, {}
for i = 1, n do ids[i] = A[2 + 2 * i] end
local ms = n > 0 and call('HMGET', K[4], unpack(ids)) or {}
for i, id in ipairs(ids) do
  local fence = A[3 + 2 * i] .. '|'
  if ms[i] and ms[i]:sub(1, #fence) == fence then keep[#keep + 1] = id; metas[#metas + 1] = ms[i]; places[id] = i
  else lost[#lost + 1] = i end
end
tick()
local mine, cancelled = {}, {}
if #keep > 0 then
  call('ZADD', K[5], f0(V + tonumber(A[3])), A[2])
  local gone = readopt(keep, metas)
  for _, id in ipairs(keep) do
    if gone[id] then lost[#lost + 1] = places[id] else mine[#mine + 1] = id end
  end
end
if #mine > 0 and CANCEL and tonumber(CANCEL) > NOW then
  local names, fields = {}, {}
  for i, id in ipairs(mine) do fields[i] = 'c' .. id end
  local links = call('HMGET', K[17], unpack(fields))
  for i, id in ipairs(mine) do -- by its own id, or as its producer knows it
    names[#names + 1] = id
    names[#names + 1] = links[i] and links[i]:match('|(.*)$') or id:match('^e:(.*)$')
  end
  for i, at in ipairs(call('ZMSCORE', K[18], unpack(names))) do
    if at and tonumber(at) >= NOW then cancelled[#cancelled + 1] = names[i] end
  end
end
return { lost, cancelled }
