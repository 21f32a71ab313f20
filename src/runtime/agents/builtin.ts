/**
 * The built-in agent: what an agent without a command runs. It says that it is alive: a line at its start, and the time
 * in the file `heartbeat` of its state directory. SIGTERM ends it.
 */
import { renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const heartbeatIntervalMs = 5_000;

const {
  SWARM_INSTANCE = "agent",
  SWARM_ROLE = "worker",
  SWARM_CLUSTER = "cluster",
  SWARM_STATE_DIR = ".",
} = process.env;

function say(text: string): void {
  console.log(`${new Date().toISOString()} ${SWARM_INSTANCE}: ${text}`);
}

function beat(): void {
  const path = join(SWARM_STATE_DIR, "heartbeat");
  writeFileSync(`${path}.tmp`, `${new Date().toISOString()}\n`);
  renameSync(`${path}.tmp`, path);
}

for (const signal of ["SIGTERM", "SIGINT"] as const) {
  process.on(signal, () => {
    say(`ends on ${signal}`);
    process.exit(0);
  });
}

say(`alive as ${SWARM_ROLE} of ${SWARM_CLUSTER}, process ${process.pid}`);
beat();
setInterval(beat, heartbeatIntervalMs);
