/**
 * What all scripts begin with: the keys, and a task as a hash. A task is in one sorted set, that of its state, and counted
 * in one field of `counts`.
 *
 * KEYS[1] is what our keys begin with, ARGV[1] the arguments as JSON. Absent values are ''.
 */
export const tasksLua = `
local base = KEYS[1]
local args = cjson.decode(ARGV[1])
local now = args.now

local function key(name) return base .. name end

local function read(id)
  local flat = redis.call('HGETALL', key('task:' .. id))
  if #flat == 0 then return nil end
  local task = {}
  for i = 1, #flat, 2 do task[flat[i]] = flat[i + 1] end
  return task
end

local function set(task, field, value)
  redis.call('HSET', key('task:' .. task.id), field, value)
  task[field] = tostring(value)
end

-- Numbers of milliseconds would be written as 1.7e+12.
local function setTime(task, field, value) set(task, field, string.format('%.0f', value)) end

local function move(task, state, score)
  if task.state then
    redis.call('ZREM', key('state:' .. task.state), task.id)
    redis.call('HINCRBY', key('counts'), task.state .. ' ' .. task.selector, -1)
  end
  redis.call('ZADD', key('state:' .. state), score, task.id)
  redis.call('HINCRBY', key('counts'), state .. ' ' .. task.selector, 1)
  set(task, 'state', state)
end

-- One whose lease has expired is waiting again, although nobody has written that yet.
local function stateOf(state, availableAt)
  if state == 'leased' and tonumber(availableAt) <= now then return 'waiting' end
  return state
end

local function exhausted(task)
  return tonumber(task.attempt) - tonumber(task.handedBack) >= tonumber(task.maxAttempts)
end
`;
