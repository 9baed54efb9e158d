-- Part of scripts with a virtual clock, which a silence of everybody stops. A silence is what is longer than the gap, a part of the
-- shortest lease in use: a text gap:virtual ms;... says which gaps are, and until when their users may still have leases.
-- KEYS not used
-- ARGV not used
-- Reply: none
local function f0(n) return string.format('%.0f', n) end
local function smallestGap(used, own)
  for gap in used:gmatch('(%d+):') do own = math.min(own, tonumber(gap)) end
  return own
end
-- With the caller's own, whose lease is renewed, and without those whose time is over
local function renewedGaps(used, own, till, now)
  local gaps = { { own, till } }
  for gap, ends in used:gmatch('(%d+):(%d+)') do
    gap, ends = tonumber(gap), tonumber(ends)
    if gap ~= own and ends >= now then gaps[#gaps + 1] = { gap, ends } end
  end
  table.sort(gaps, function(a, b) return a[1] < b[1] end)
  local words = {}
  for i = 1, math.min(#gaps, 8) do words[i] = f0(gaps[i][1]) .. ':' .. f0(gaps[i][2]) end
  return table.concat(words, ';')
end
