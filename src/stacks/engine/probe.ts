import type { Environment } from "./model.ts";
import { pulumiHome } from "./pulumi-home.ts";
import { run } from "./run.ts";
import { engineObjection, readVersion } from "./version.ts";

/** Version of an executable, or why it cannot be used. */
type Verdict = { readonly version: string } | { readonly objection: string };

/** Asks a Pulumi CLI for its version. */
export async function probeEngine(path: string, env: Environment): Promise<Verdict> {
  // Even `version` writes into the engine's home folder.
  const home = { PULUMI_HOME: pulumiHome(env), PULUMI_SKIP_UPDATE_CHECK: "true" };
  const answer = await run(path, ["version"], { env: { ...env, ...home }, timeoutMs: 15_000 });
  if (answer.status !== 0) {
    const detail = answer.trouble ?? (answer.stderr.trim().split("\n").at(-1) || `status ${answer.status}`);
    return { objection: `does not run (${detail})` };
  }
  const version = readVersion(answer.stdout);
  if (version === undefined) return { objection: `gives no version ("${answer.stdout.trim().slice(0, 60)}")` };
  const objection = engineObjection(version);
  return objection === undefined ? { version } : { objection };
}
