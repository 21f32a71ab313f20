import { toSwarmError } from "../../../errors.ts";
import { findEngine } from "../find-engine.ts";
import { findGo } from "../go.ts";
import type { Machine } from "../machine.ts";
import type { Environment, LookupOptions } from "../model.ts";
import { allowedSources } from "../settings.ts";
import type { Check } from "./check.ts";

export const engineCheck: Check = async ({ env, machine }) => {
  try {
    const engine = await findEngine(onlyLook(env));
    const detail = `v${engine.version} at ${engine.path} (${engine.origin}: ${engine.why})`;
    return { check: "engine", status: "ok", detail };
  } catch (thrown) {
    const { message, hints } = toSwarmError(thrown);
    const wait = await coming(env, machine);
    if (wait !== undefined) return { check: "engine", status: "warn", detail: "none yet", hint: wait };
    return { check: "engine", status: "fail", detail: message, hint: hints.join("\n") };
  }
};

/** The allowed ways, less those that take minutes. */
export function onlyLook(env: Environment): LookupOptions {
  const looking = allowedSources({ env }).filter((source) => source !== "download" && source !== "build");
  return { env, sources: looking };
}

/** What the first command will do about a missing executable; undefined when a broken SWARM_ENGINE stands in its way. */
async function coming(env: Environment, machine: Machine): Promise<string | undefined> {
  if (env.SWARM_ENGINE) return undefined;
  const allowed = allowedSources({ env });
  const ways = [
    ...(allowed.includes("download") ? ["downloads it if the network is open"] : []),
    ...(allowed.includes("build") && typeof (await findGo(env, machine.goFolders)) !== "string"
      ? ["builds it in about 5 minutes"]
      : []),
  ];
  return ways.some((way) => way.startsWith("builds")) ? `The first command ${ways.join(", else ")}.` : undefined;
}
