import { removedFrom } from "../platform/environment/child-environment.ts";
import { proxiesOf } from "../platform/environment/loopback.ts";
import type { DoctorRow } from "./engine/index.ts";
import type { Environment } from "./engine/model.ts";

/** Variables that engine, plugins and workers start without, and proxies, from which loopback is exempt. Shows no values. */
export function checkEnvironment(env: Environment): DoctorRow {
  const removed = removedFrom(env);
  const proxies = proxiesOf(env);
  const found = [
    ...removed.map(({ name, why }) => `${name}: ${why}`),
    ...(proxies.length === 0 ? [] : [`${proxies.join(", ")}: not used for loopback`]),
  ];
  const check = "environment";
  if (removed.length === 0) return { check, status: "ok", detail: found[0] ?? "nothing disturbs the engine" };
  const hint = "Engine and plugins start without them; unset them where a bare `pulumi` fails.";
  return { check, status: "warn", detail: found.join("; "), hint };
}
