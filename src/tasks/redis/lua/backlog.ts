/**
 * What waits in the streams of a selector and what consumers of its group hold, no matter which program added it: `{ undelivered, pending }` over
 * all priorities, or `{ error }`. Our queue deletes an entry when its task ends, so the length of a stream is all of it. A program
 * that reads a stream of the blueprint itself may only acknowledge: then the group's own counters are smaller, and right.
 */
export const backlogLua = `
local function isBefore(a, b)
  local aMs, aSeq = string.match(a, '^(%d+)-(%d+)$')
  local bMs, bSeq = string.match(b, '^(%d+)-(%d+)$')
  if aMs ~= bMs then return tonumber(aMs) < tonumber(bMs) end
  return tonumber(aSeq) < tonumber(bSeq)
end

local function groupOf(stream, group)
  local groups = redis.pcall('XINFO', 'GROUPS', stream)
  if groups.err then return nil end
  for _, flat in ipairs(groups) do
    local found = {}
    for i = 1, #flat - 1, 2 do found[flat[i]] = flat[i + 1] end
    if found.name == group then return found end
  end
  return nil
end

local function backlogOfStream(stream, group, isNamed)
  local length = redis.pcall('XLEN', stream)
  if type(length) == 'table' then return nil, nil, length.err end
  if length == 0 and not isNamed then return 0, 0 end
  local found = groupOf(stream, group)
  if not found then return length, 0 end
  local undelivered = math.max(0, length - found.pending)
  if isNamed and undelivered > 0 then
    local last = redis.call('XREVRANGE', stream, '+', '-', 'COUNT', 1)[1]
    if last and not isBefore(found['last-delivered-id'], last[1]) then undelivered = 0 end
    -- Unknown after entries were deleted; below zero in some versions.
    if found.lag and found.lag >= 0 then undelivered = math.min(undelivered, found.lag) end
  end
  return undelivered, found.pending
end

local function backlogOf(line)
  local all, held = 0, 0
  for _, suffix in ipairs({ '', ':high', ':low' }) do
    local undelivered, pending, failed = backlogOfStream(line.stream .. suffix, line.group, line.named and suffix == '')
    if failed then return { line.selector, line.stream .. suffix .. ': ' .. failed } end
    all = all + undelivered
    held = held + pending
  end
  return { line.selector, all, held }
end
`;
