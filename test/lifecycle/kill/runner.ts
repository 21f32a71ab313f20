import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import type { TargetKind } from "../../../src/blueprint/model.ts";
import type { LifecycleEvent } from "../../../src/lifecycle/event.ts";
import { operationOf } from "../../../src/lifecycle/executor/definition.ts";
import { type LifecycleOptions, perform } from "../../../src/lifecycle/lifecycle.ts";
import { operations } from "../../../src/lifecycle/operations/operations.ts";
import { findEngine } from "../../../src/stacks/engine/index.ts";
import { readSettings } from "../../../src/stacks/settings.ts";
import type { Kind, Point } from "./points.ts";

/** Runs one operation and kills a process at one point: itself, the engine, or the engine's plugin. */
const { values } = parseArgs({
  options: {
    cluster: { type: "string" },
    file: { type: "string" },
    point: { type: "string" },
    /** Destination of a migration. */
    station: { type: "string", default: "" },
  },
});
const { cluster = "", file = "" } = values;
const station = values.station as TargetKind;
const point = JSON.parse(values.point ?? "") as Point;
const on = { cluster, waitMs: 0 };
const elsewhere = station === "local" ? "docker" : "local";

const up = { file, target: undefined, change: {} };
const inputs: Readonly<Record<Kind, unknown>> = {
  spawn: up,
  update: up,
  scale: { roles: { worker: 4 } },
  hibernate: {},
  reactivate: {},
  migrate: { to: { target: station }, coolDownMs: 0 },
  destroy: { purge: false },
};

let operation = "";
let step = "";
let done = false;

function onEvent(event: LifecycleEvent): void {
  if (event.type === "operation") operation = event.id;
  if (event.type === "phase" && event.phase === "started") step = event.name;
  if (done || step !== point.step || !isReached(event)) return;
  if (point.victim === "source" || point.victim === "destination") {
    done = true;
    killServer(point.victim === "source" ? elsewhere : station);
    return;
  }
  const found = victims();
  // In the first step of a new cluster, the component, the engine has not loaded the plugin yet: kills in the next one.
  if (found.length === 0) return;
  done = true;
  for (const pid of found) process.kill(pid, "SIGKILL");
}

function isReached(event: LifecycleEvent): boolean {
  if (point.at === "during") return event.type === "step" && event.phase === "started" && event.op !== "same";
  return (
    event.type === "phase" && event.name === point.step && event.phase === (point.at === "before" ? "started" : "done")
  );
}

/** The agent server on a station, which has at most one cluster. */
function killServer(at: TargetKind): void {
  const killer = fileURLToPath(new URL("./kill-server.ts", import.meta.url));
  execFileSync(process.execPath, [killer, at, cluster], { stdio: ["ignore", "ignore", "inherit"] });
}

function victims(): readonly number[] {
  if (point.victim === "runner") return [process.pid];
  const pattern = point.victim === "engine" ? /(^|\/)pulumi\0/ : /providers\/swarmstack\/main/;
  return readdirSync("/proc")
    .filter((entry) => /^\d+$/.test(entry) && isOurs(entry, pattern))
    .map(Number);
}

function isOurs(pid: string, pattern: RegExp): boolean {
  try {
    const read = (name: string) => readFileSync(`/proc/${pid}/${name}`, "utf8");
    return read("environ").split("\0").includes(`SWARM_SESSION=${operation}`) && pattern.test(read("cmdline"));
  } catch {
    return false;
  }
}

const engine = await findEngine({ env: process.env });
const options: LifecycleOptions = {
  settings: readSettings(),
  engine,
  signal: new AbortController().signal,
  onEvent,
  operations,
};
// On a cluster that has run before, spawn is an update.
const kind = point.kind === "update" ? "spawn" : point.kind;
await perform(options, operationOf(kind, operations), on, inputs[kind]);
if (!done) throw new Error("no process to kill at this point");
