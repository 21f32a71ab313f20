/** The present life of each instance; what its earlier lives hold ends now, for others to take. */
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
