/**
 * `args.lines`: for each priority, highest first, the streams that the worker reads. Replies `['ok', task, ...]`, each task
 * as the flat list of its hash, or `['old-epoch']`.
 */
export const leaseLua = `
local worker = args.worker

local function deliver(line)
  if redis.call('EXISTS', line.stream) == 0 then return nil end
  local read = function()
    return redis.pcall('XREADGROUP', 'GROUP', line.group, worker.instance, 'COUNT', 1, 'STREAMS', line.stream, '>')
  end
  local reply = read()
  if type(reply) == 'table' and reply.err then
    if not string.find(reply.err, 'NOGROUP', 1, true) then error(reply.err) end
    redis.call('XGROUP', 'CREATE', line.stream, line.group, '0')
    reply = read()
  end
  if not reply then return nil end
  return reply[1][2][1]
end

-- Somebody else's job in one of our streams is no task yet; it becomes one, so that it is not lost.
local function adopt(line, entry, fields)
  local payload = {}
  for i = 1, #fields, 2 do payload[fields[i]] = fields[i + 1] end
  local id = 'task-' .. entry
  local task = { id = id, selector = line.selector, stream = line.stream, group = line.group, entry = entry, instance = '',
    attempt = '0', handedBack = '0', maxAttempts = args.adopt.maxAttempts, leaseMs = args.adopt.leaseMs, deadlineAt = '' }
  redis.call('HSET', key('task:' .. id), 'id', id, 'selector', line.selector, 'stream', line.stream, 'group', line.group,
    'entry', entry, 'payload', cjson.encode(payload), 'priority', line.priority, 'idempotencyKey', id,
    'attempt', 0, 'handedBack', 0, 'maxAttempts', args.adopt.maxAttempts, 'leaseMs', args.adopt.leaseMs, 'deadlineAt', '',
    'availableAt', now, 'instance', '', 'epoch', '', 'createdAt', now, 'finishedAt', '')
  redis.call('HSET', key('keys'), id, id)
  redis.call('ZADD', key('ids'), 0, id)
  move(task, 'waiting', now)
  return task
end

local function taskOf(line, message)
  local entry, fields = message[1], message[2]
  if fields[1] ~= 'swarm:task' or #fields ~= 2 then return adopt(line, entry, fields) end
  local task = read(fields[2])
  if task and task.state == 'waiting' and task.entry == entry then return task end
  -- What it stood for is gone.
  redis.call('XACK', line.stream, line.group, entry)
  redis.call('XDEL', line.stream, entry)
  return nil
end

if not beginLife(worker.instance, worker.epoch) then return { 'old-epoch' } end
sweep()
local leased = { 'ok' }
local turn = redis.call('INCR', key('turn'))
for _, lines in ipairs(args.lines) do
  local delivered = true
  while delivered and #leased <= args.limit do
    delivered = false
    -- Each time another line is first, so that none starves.
    for i = 1, #lines do
      if #leased > args.limit then break end
      local line = lines[(turn + i) % #lines + 1]
      local message = deliver(line)
      if message then
        delivered = true
        local task = taskOf(line, message)
        if task and task.deadlineAt ~= '' and tonumber(task.deadlineAt) <= now then
          bury(task, 'deadline')
        elseif task then
          local ends = now + tonumber(task.leaseMs)
          hold(task, worker.instance, worker.epoch)
          set(task, 'attempt', tonumber(task.attempt) + 1)
          setTime(task, 'availableAt', ends)
          redis.call('ZREM', key('deadlines'), task.id)
          move(task, 'leased', ends)
          leased[#leased + 1] = redis.call('HGETALL', key('task:' .. task.id))
        end
      end
    end
  end
end
return leased
`;
