import { writeFileSync } from "node:fs";
import { join } from "node:path";

const intervalMs = 5_000;

/**
 * Renews the file that probes look at: `heartbeat` in the state's folder. It says that this process gets to run, and nothing of the API:
 * an agent that cannot reach it is no better after a restart.
 */
export function showLife(folder = process.env.SWARM_STATE_DIR): void {
  if (folder === undefined) return;
  const write = () => writeFileSync(join(folder, "heartbeat"), "");
  write();
  setInterval(write, intervalMs).unref();
}
