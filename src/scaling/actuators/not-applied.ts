import { toSwarmError } from "../../errors.ts";
import type { NotApplied, Written } from "./actuator.ts";

/** The result of a write that failed: a refusal of the target, or a target that does not answer. */
export function notApplied(error: unknown): Written {
  const { code, message, values } = toSwarmError(error);
  if (code !== "SW718" && code !== "SW601" && code !== "SW620" && code !== "SW621") {
    return { ok: false, code: "unreachable", reason: `${code} ${message}` };
  }
  const because = values?.because;
  return { ok: false, code: isRefusal(because) ? because : "operation", reason: message };
}

function isRefusal(because: unknown): because is NotApplied {
  return because === "moved-on" || because === "operation" || because === "pinned";
}
