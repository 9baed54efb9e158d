-- Reads a page of the tasks that are kept before they are claimed.
-- KEYS 1 delayed or keyed (zset)   2 meta   3 raw   ARGV 1 from   2 to
-- reply how many the page has, then for each that is whole: its id, meta, bytes, score
local call = redis.call
local page, ids, found = call('ZRANGE', KEYS[1], ARGV[1], ARGV[2], 'WITHSCORES'), {}, {}
for i = 1, #page, 2 do
  local kind, id = page[i]:match('^.*%z([ab])(.*)$')
  ids[#ids + 1] = not kind and page[i] or kind == 'b' and id:sub(20) or id
end
if #ids == 0 then return { 0, found } end
local metas, raws = call('HMGET', KEYS[2], unpack(ids)), call('HMGET', KEYS[3], unpack(ids))
for i, id in ipairs(ids) do
  local n = #found
  if metas[i] and raws[i] then found[n + 1], found[n + 2], found[n + 3], found[n + 4] = id, metas[i], raws[i], page[2 * i] end
end
return { #ids, found }
