import { spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync } from "node:fs";
import { join } from "node:path";
import { findCluster } from "../../lifecycle/records/cluster-repository.ts";
import { scalerOf } from "../../lifecycle/records/scaler-lease.ts";
import { withRecords } from "../../lifecycle/records/with-records.ts";
import { poll } from "../../platform/wait.ts";
import { packageRoot } from "../../stacks/project.ts";
import type { Settings } from "../../stacks/settings.ts";

const startMs = 30_000;

export interface DetachedOptions {
  readonly settings: Settings;
  readonly cluster: string;
  readonly interval: string;
  readonly signal: AbortSignal;
}

/**
 * Starts an autoscaler of one cluster that outlives this process and ends when the cluster is destroyed, unless one runs already.
 *
 * @returns the process that scales the cluster, and the log of one that was started; undefined when none began in time
 */
export async function startDetached({
  settings,
  cluster,
  interval,
  signal,
}: DetachedOptions): Promise<{ readonly holder: string; readonly log: string } | undefined> {
  const log = join(settings.home, `autoscaler-${cluster}.log`);
  return withRecords(settings, async (store) => {
    const row = await findCluster(store, cluster);
    if (row === undefined) return undefined;
    const runs = async () => {
      const holder = await scalerOf(store, row.id);
      return holder === undefined ? undefined : { holder, log };
    };
    const present = await runs();
    if (present !== undefined) return present;
    start(["autoscaler", "--cluster", cluster, "--interval", interval, "--until-destroyed"], settings, log);
    return poll(runs, { deadlineMs: startMs, intervalMs: 100, signal });
  });
}

/** In a session of its own, so that it outlives the caller and its terminal. */
function start(args: readonly string[], { home, env }: Settings, log: string): void {
  mkdirSync(home, { recursive: true, mode: 0o700 });
  const output = openSync(log, "a", 0o600);
  const child = spawn(process.execPath, [join(packageRoot, "bin", "swarmctl.js"), ...args], {
    ...{ cwd: "/", detached: true, env, stdio: ["ignore", output, output] },
  });
  closeSync(output);
  child.on("error", () => {});
  child.unref();
}
