-- Notes for a time that a task shall be stopped, and looks for it.
-- KEYS as in lib   ARGV 2 its id as somebody knows it   3 ms for which to note it   4 how many notes at most
--      5 its own id if its marker names one, else empty
-- reply whether the queue is one of ours (1), state (0 not found, 1 leased, 2 waiting), its own id, its meta, its bytes
call('ZCARD', K[18]); call('HLEN', K[17])
dirty()
call('ZADD', K[18], f0(NOW + A[3]), A[2])
call('ZREMRANGEBYRANK', K[18], 0, -1 - tonumber(A[4]))
call('HSET', K[7], 'cancel', f0(NOW + A[3]))
for _, id in ipairs({ A[2], 'e:' .. A[2], A[5] ~= '' and A[5] or nil }) do
  local m = call('HGET', K[4], id)
  if m then
    local fence, _, _, owner, key = parse(m)
    local waits = call('ZSCORE', K[2], id) or call('ZSCORE', K[19], id) or call('ZSCORE', K[8], id) or call('ZSCORE', K[9], id)
      or key ~= '' and call('ZSCORE', K[13], place(id, fence, owner, key))
    if not waits and id ~= A[2] then call('HSET', K[17], 'c' .. id, f0(NOW + A[3]) .. '|' .. A[2]) end
    return { OWN and 1 or 0, waits and 2 or 1, id, m, call('HGET', K[3], id) or '' }
  end
end
return { OWN and 1 or 0, 0 }
