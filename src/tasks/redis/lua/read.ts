import { backlogLua } from "./backlog.ts";

/** Each read is one script, so one snapshot. Tasks are flat lists of their hashes. */
export const countsLua = `
${backlogLua}
local lapsed = {}
for _, id in ipairs(redis.call('ZRANGEBYSCORE', key('state:leased'), '-inf', now)) do
  lapsed[#lapsed + 1] = redis.call('HGET', key('task:' .. id), 'selector')
end
local delayed = {}
for _, id in ipairs(redis.call('ZRANGE', key('delayed'), 0, -1)) do
  delayed[#delayed + 1] = redis.call('HGET', key('task:' .. id), 'selector')
end
local backlogs = {}
for _, line in ipairs(args.lines) do backlogs[#backlogs + 1] = backlogOf(line) end
return { redis.call('HGETALL', key('counts')), lapsed, delayed, backlogs }
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
