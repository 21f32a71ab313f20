/** Each of `args.tasks` is `{ id, state, fields }`; one of the same id gives way to it. */
export const takeOverLua = `
local function forget(task)
  dequeue(task)
  hold(task, '', '')
  redis.call('ZREM', key('delayed'), task.id)
  redis.call('ZREM', key('deadlines'), task.id)
  redis.call('ZREM', key('state:' .. task.state), task.id)
  redis.call('HINCRBY', key('counts'), task.state .. ' ' .. task.selector, -1)
  redis.call('HDEL', key('keys'), task.idempotencyKey)
  redis.call('DEL', key('task:' .. task.id))
end

for _, given in ipairs(args.tasks) do
  local present = read(given.id)
  if present then forget(present) end
  local flat = {}
  for name, value in pairs(given.fields) do
    flat[#flat + 1] = name
    flat[#flat + 1] = value
  end
  redis.call('HSET', key('task:' .. given.id), unpack(flat))
  redis.call('HSET', key('keys'), given.fields.idempotencyKey, given.id)
  redis.call('ZADD', key('ids'), 0, given.id)
  local task = read(given.id)
  if given.state == 'waiting' then
    toLine(task, tonumber(task.availableAt))
  else
    move(task, given.state, tonumber(task.finishedAt))
  end
end
return #args.tasks
`;
