/** Each reads in one script, so from one snapshot. Tasks come as flat lists of their hashes. */
export const countsLua = `
local lapsed = {}
for _, id in ipairs(redis.call('ZRANGEBYSCORE', key('state:leased'), '-inf', now)) do
  lapsed[#lapsed + 1] = redis.call('HGET', key('task:' .. id), 'selector')
end
return { redis.call('HGETALL', key('counts')), lapsed }
`;

export const listLua = `
local found = {}
local from = args.before == '' and '+' or '(' .. args.before
local chunk = 200
while true do
  local ids = redis.call('ZREVRANGEBYLEX', key('ids'), from, '-', 'LIMIT', 0, chunk)
  for _, id in ipairs(ids) do
    local fields = redis.call('HMGET', key('task:' .. id), 'state', 'availableAt', 'finishedAt')
    local state = stateOf(fields[1], fields[2])
    local isRecent = fields[3] == '' or tonumber(fields[3]) >= args.since
    if isRecent and (args.state == '' or args.state == state) then found[#found + 1] = redis.call('HGETALL', key('task:' .. id)) end
    if #found == args.limit then return found end
  end
  if #ids < chunk then return found end
  from = '(' .. ids[#ids]
end
`;
