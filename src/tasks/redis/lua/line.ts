/** A task's place in its stream, who holds it, and how it leaves: every way out of a state goes through these. */
export const lineLua = `
local function ensureGroup(stream, group)
  if redis.call('EXISTS', stream) == 0 then redis.call('XGROUP', 'CREATE', stream, group, '0', 'MKSTREAM') end
end

local function enqueue(task)
  ensureGroup(task.stream, task.group)
  set(task, 'entry', redis.call('XADD', task.stream, '*', 'swarm:task', task.id))
end

-- Delivered or not, its entry goes: XLEN is what waits or is worked on.
local function dequeue(task)
  if task.entry == '' then return end
  redis.call('XACK', task.stream, task.group, task.entry)
  redis.call('XDEL', task.stream, task.entry)
  set(task, 'entry', '')
end

local function hold(task, instance, epoch)
  if task.instance ~= '' then redis.call('SREM', key('held:' .. task.instance), task.id) end
  set(task, 'instance', instance)
  set(task, 'epoch', epoch)
  if instance ~= '' then redis.call('SADD', key('held:' .. instance), task.id) end
end

local function watchDeadline(task)
  if task.deadlineAt ~= '' then redis.call('ZADD', key('deadlines'), task.deadlineAt, task.id) end
end

-- Waits in its line from now on, or in 'delayed' until it is due.
local function toLine(task, availableAt)
  dequeue(task)
  if availableAt > now then redis.call('ZADD', key('delayed'), availableAt, task.id) else enqueue(task) end
  setTime(task, 'availableAt', availableAt)
  watchDeadline(task)
  move(task, 'waiting', availableAt)
end

local function finish(task, state)
  dequeue(task)
  redis.call('ZREM', key('delayed'), task.id)
  redis.call('ZREM', key('deadlines'), task.id)
  hold(task, '', '')
  setTime(task, 'finishedAt', now)
  move(task, state, now)
end

local function bury(task, reason)
  set(task, 'death', reason)
  finish(task, 'dead')
end

local function due(set) return redis.call('ZRANGEBYSCORE', key(set), '-inf', now, 'LIMIT', 0, 100) end

-- An expired lease returns to its line; its holder may end it until somebody else has taken it.
local function sweep()
  local buried = 0
  for _, id in ipairs(due('state:leased')) do
    local task = read(id)
    if exhausted(task) then
      bury(task, 'attempts')
      buried = buried + 1
    else
      local ended = tonumber(task.availableAt)
      toLine(task, ended)
    end
  end
  for _, id in ipairs(due('deadlines')) do
    bury(read(id), 'deadline')
    buried = buried + 1
  end
  for _, id in ipairs(due('delayed')) do
    redis.call('ZREM', key('delayed'), id)
    enqueue(read(id))
  end
  return buried
end
`;
