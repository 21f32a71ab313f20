/** Lease and result in one step: checked, taken out of the stream, stored. */
export const ackLua = `
local proof = args.proof
local task, reason = open(proof)
if reason and not (task and task.state == 'done') then return refused(reason) end
if not reason then
  set(task, 'result', args.result)
  set(task, 'resultInstance', proof.instance)
  set(task, 'resultEpoch', proof.epoch)
  set(task, 'resultAttempt', proof.attempt)
  setTime(task, 'acceptedAt', now)
  finish(task, 'done')
end
return cjson.encode({ ok = true, instance = task.resultInstance, attempt = tonumber(task.resultAttempt),
  acceptedAt = tonumber(task.acceptedAt) })
`;

export const extendLua = `
local task, reason = open(args.proof)
if reason then return refused(reason) end
if tonumber(task.availableAt) <= now or task.state ~= 'leased' then return refused('lease-lost') end
local ends = now + tonumber(task.leaseMs)
setTime(task, 'availableAt', ends)
redis.call('ZADD', key('state:leased'), ends, task.id)
return cjson.encode({ ok = true, ['until'] = ends })
`;

export const failLua = `
local proof = args.proof
local task, reason = open(proof)
local function waits() return cjson.encode({ ok = true, state = 'waiting', availableAt = tonumber(task.availableAt) }) end
local function isDead() return cjson.encode({ ok = true, state = 'dead' }) end
if reason then
  -- A failure that is told twice gets an answer, not a refusal.
  if task and tonumber(task.errorAttempt) == proof.attempt and tonumber(task.attempt) == proof.attempt then
    if task.state == 'dead' then return isDead() end
    if task.state == 'waiting' then return waits() end
  end
  return refused(reason)
end
set(task, 'error', args.error)
set(task, 'errorAttempt', proof.attempt)
if not args.retryable or exhausted(task) then
  bury(task, args.retryable and 'attempts' or 'failed')
  return isDead()
end
hold(task, '', '')
toLine(task, now + args.delayMs)
return waits()
`;

export const handBackLua = `
local task, reason = open(args.proof)
if reason then return refused(reason) end
set(task, 'handedBack', tonumber(task.handedBack) + 1)
hold(task, '', '')
toLine(task, now)
return cjson.encode({ ok = true, state = 'waiting', availableAt = now })
`;
