import { type FenceName, fences } from "../../fences.ts";

/** The fences of ../../fences.ts in Lua: what must hold of `task`, its caller's present `life`, and the `proof`. */
export const luaFences: Readonly<Record<FenceName, string>> = {
  life: "life == proof.epoch",
  instance: "task.instance == proof.instance",
  epoch: "tonumber(task.epoch) == proof.epoch",
  attempt: "tonumber(task.attempt) == proof.attempt",
};

/** `open(proof)`: the task, and why the proof does not open its lease (nil when it does). */
export function openLua(conditions: Readonly<Partial<Record<FenceName, string>>>): string {
  const names = Object.keys(fences) as FenceName[];
  const checks = names.flatMap((name) => {
    const condition = conditions[name];
    return condition === undefined ? [] : [`  if not (${condition}) then return task, '${fences[name].refusal}' end`];
  });
  return `
local function open(proof)
  local task = read(proof.id)
  if not task then return nil, 'unknown' end
  local life = tonumber(redis.call('HGET', key('lives'), proof.instance) or 0)
${checks.join("\n")}
  if task.finishedAt ~= '' then return task, 'lease-lost' end
  return task, nil
end

local function refused(reason) return cjson.encode({ ok = false, reason = reason }) end
`;
}
