export const addLua = `
local present = redis.call('HGET', key('keys'), args.idempotencyKey)
if present then
  local there = read(present)
  local same = there.selector == args.selector and there.payload == args.payload
  return cjson.encode({ status = same and 'present' or 'conflict', id = present })
end
local task = { id = args.id, selector = args.selector, stream = args.stream, group = args.group, entry = '',
  deadlineAt = args.deadlineAt }
redis.call('HSET', key('task:' .. args.id), 'id', args.id, 'selector', args.selector, 'stream', args.stream,
  'group', args.group, 'entry', '', 'payload', args.payload, 'priority', args.priority,
  'idempotencyKey', args.idempotencyKey, 'attempt', 0, 'handedBack', 0, 'maxAttempts', args.maxAttempts,
  'leaseMs', args.leaseMs, 'deadlineAt', args.deadlineAt, 'availableAt', now, 'instance', '', 'epoch', '',
  'createdAt', now, 'finishedAt', '')
redis.call('HSET', key('keys'), args.idempotencyKey, args.id)
redis.call('ZADD', key('ids'), 0, args.id)
toLine(task, now)
return cjson.encode({ status = 'added', id = args.id })
`;

/** Cancels or requeues a task. Replies its state, or nothing when there is no such task. */
export const cancelLua = `
local task = read(args.id)
if not task then return false end
if task.finishedAt == '' then finish(task, 'cancelled') end
return task.state
`;

export const requeueLua = `
local task = read(args.id)
if not task then return false end
if task.state == 'dead' then
  for field, value in pairs({ handedBack = task.attempt, deadlineAt = '', finishedAt = '', death = '' }) do
    set(task, field, value)
  end
  toLine(task, now)
end
return stateOf(task.state, task.availableAt)
`;

/** Deletes an ended task, or one that is in no stream any more. */
const deleteLua = `
local function delete(task)
  redis.call('ZREM', key('state:' .. task.state), task.id)
  redis.call('HINCRBY', key('counts'), task.state .. ' ' .. task.selector, -1)
  redis.call('HDEL', key('keys'), task.idempotencyKey)
  redis.call('ZREM', key('ids'), task.id)
  redis.call('DEL', key('task:' .. task.id))
end
`;

export const removeLua = `
${deleteLua}
local task = read(args.id)
if not task then return false end
local state = stateOf(task.state, task.availableAt)
if state == 'leased' then return state end
if task.finishedAt == '' then finish(task, 'cancelled') end
delete(task)
return state
`;

export const pruneLua = `
${deleteLua}
local pruned = 0
for _, state in ipairs({ 'done', 'cancelled' }) do
  for _, id in ipairs(redis.call('ZRANGEBYSCORE', key('state:' .. state), '-inf', '(' .. args.before, 'LIMIT', 0, 500)) do
    delete(read(id))
    pruned = pruned + 1
  end
end
return pruned
`;
