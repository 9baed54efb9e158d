-- Puts a failed task that has a key back where those of its key wait, or one that is unique with its lock if that is free, if it
-- is still among the failed ones; into the list if the queue is none of ours any more. Its first write is one that Redis refuses when it is out of memory, so that it is refused whole.
-- Looks from the newest on, as those do who put back a million.
-- KEYS 1 failed   2 resque's set of queues   3 clock   4.. a block as in add
-- ARGV 1 the failed entry   2 what its own id begins with   3.. a block as in add, of one task
-- reply whether it was there
if not call('LPOS', KEYS[1], ARGV[1], 'RANK', -1) then return { 0 } end
call('SCARD', KEYS[2])
if kinds(3, 1) == 'o' then
  add((judge(ARGV[2], 4, 3, 1)), KEYS[2], '')
else
  call('RPUSH', KEYS[4], ARGV[6])
  call('SADD', KEYS[2], ARGV[3])
end
call('LREM', KEYS[1], -1, ARGV[1])
return { 1 }
