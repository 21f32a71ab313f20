import type { EnvironmentRow } from "../../../src/cli/environments/rows.ts";
import type { Performed } from "../../../src/lifecycle/lifecycle.ts";
import { gc } from "../../../src/lifecycle/reconcile/gc.ts";
import type { ReconcileResult } from "../../../src/lifecycle/reconcile/reconcile.ts";
import { findEngine } from "../../../src/stacks/engine/index.ts";
import { readSettings } from "../../../src/stacks/settings.ts";
import type { Finished, Sandbox } from "../../support/sandbox.ts";
import { blueprintOf } from "../../support/targets/cluster.ts";

/** Result of `env up` and `env down`: the last JSON line. */
export interface Result extends Performed {
  readonly type: "result";
  readonly name: string;
  readonly until: number;
}

/** A blueprint of a boss and a worker. */
export function writeBlueprint(sandbox: Sandbox): string {
  return sandbox.write("team.yaml", blueprintOf("team", { workers: "1" }, { command: undefined }));
}

/** Runs a command of `swarmctl env` that must succeed. */
export async function env(sandbox: Sandbox, args: readonly string[], variables?: NodeJS.ProcessEnv): Promise<Result> {
  return resultOf(await sandbox.run(["env", ...args, "--json"], variables));
}

function resultOf({ status, stdout, stderr }: Finished): Result {
  if (status !== 0) throw new Error(`status ${status}\n${stdout}\n${stderr}`);
  return JSON.parse(stdout.trim().split("\n").at(-1) ?? "") as Result;
}

export async function listed(sandbox: Sandbox): Promise<readonly EnvironmentRow[]> {
  return (await sandbox.json<{ environments: EnvironmentRow[] }>(["env", "list"])).environments;
}

/** Runs `gc` at a time in milliseconds since the epoch; returns its results by cluster name. */
export async function gcAt(
  sandbox: Sandbox,
  now: number,
  dryRun = false,
): Promise<Readonly<Record<string, ReconcileResult>>> {
  const settings = readSettings(sandbox.env);
  const { signal } = new AbortController();
  const engine = await findEngine({ env: settings.env, signal });
  const options = { settings, engine, signal, engines: 1, dryRun, onEvent: () => {} };
  const result = await gc({ ...options, now: () => now });
  return Object.fromEntries(result.map((one) => [one.cluster, one]));
}
