/** Starts a registration epoch of an instance; leases of its earlier epochs expire now. */
export const epochsLua = `
local function beginLife(instance, epoch)
  local known = tonumber(redis.call('HGET', key('lives'), instance) or 0)
  if known >= epoch then return known == epoch end
  redis.call('HSET', key('lives'), instance, epoch)
  for _, id in ipairs(redis.call('SMEMBERS', key('held:' .. instance))) do
    local task = read(id)
    if task.state == 'leased' and tonumber(task.epoch) < epoch and tonumber(task.availableAt) > now then
      setTime(task, 'availableAt', now)
      redis.call('ZADD', key('state:leased'), now, id)
    end
  end
  return true
end
`;
