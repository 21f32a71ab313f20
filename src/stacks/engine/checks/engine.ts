import { toSwarmError } from "../../../errors.ts";
import { findEngine } from "../find-engine.ts";
import { findGo } from "../go.ts";
import type { Machine } from "../machine.ts";
import type { Environment, LookupOptions } from "../model.ts";
import { triedWays } from "../refusal.ts";
import { allowedSources } from "../settings.ts";
import type { Check } from "./check.ts";

export const engineCheck: Check = async ({ env, machine }) => {
  try {
    const engine = await findEngine(onlyLook(env));
    const detail = `v${engine.version} at ${engine.path} (${engine.origin}: ${engine.why})`;
    return { check: "engine", status: "ok", detail };
  } catch (thrown) {
    const error = toSwarmError(thrown);
    const tried = triedWays(error);
    if (tried !== undefined && (await canBuild(env, machine))) {
      const hint = "The first command downloads it, or builds it in about 5 minutes.";
      return { check: "engine", status: "warn", detail: ["none yet", ...tried].join("; "), hint };
    }
    return { check: "engine", status: "fail", detail: error.message, hint: error.hints.join("\n") };
  }
};

/** The allowed ways, less those that take minutes. */
export function onlyLook(env: Environment): LookupOptions {
  const looking = allowedSources({ env }).filter((source) => source !== "download" && source !== "build");
  return { env, sources: looking };
}

async function canBuild(env: Environment, machine: Machine): Promise<boolean> {
  return allowedSources({ env }).includes("build") && typeof (await findGo(env, machine.goFolders)) !== "string";
}
