import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "vitest";
import { until } from "../../support/sandbox.ts";
import {
  operationsOf,
  pulumi,
  rootsOf,
  type Status,
  statusOf,
  swarmctl,
  type TestCluster,
} from "../../support/targets/cluster.ts";
import type { Way } from "./cases.ts";
import { nameOf, type Point } from "./points.ts";

/** The result of one kill: a row of the matrix. */
export interface Row {
  readonly point: string;
  readonly way: Way | "-";
  readonly journal: string;
  readonly handsOff: "refused" | "-";
  readonly end: string;
}

const runner = fileURLToPath(new URL("./runner.ts", import.meta.url));

/** Operations that cannot be rolled back after the start of these steps. */
const forward: Readonly<Record<string, readonly string[]>> = {
  reactivate: ["work"],
  destroy: ["drain", "archive", "destroy"],
};

/** State of the cluster before and after an operation. */
const states = {
  spawn: { from: undefined, to: "ACTIVE" },
  update: { from: "ACTIVE", to: "ACTIVE" },
  scale: { from: "ACTIVE", to: "ACTIVE" },
  hibernate: { from: "ACTIVE", to: "HIBERNATED" },
  reactivate: { from: "HIBERNATED", to: "ACTIVE" },
  migrate: { from: "ACTIVE", to: "ACTIVE" },
  destroy: { from: "ACTIVE", to: "DESTROYED" },
} as const;

/** Kills at a point, then resumes or rolls back; the cluster must end in the desired or the previous state. */
export async function killAt(cluster: TestCluster, point: Point, way: Way): Promise<Row> {
  const { from, to } = states[point.kind];
  const before = from === undefined ? undefined : await bringTo(cluster, from);
  const roots = before?.status === "ACTIVE" ? await rootsOf(cluster) : undefined;
  const version = point.kind === "update" ? writeNext(cluster, before) : before?.blueprint.version;
  await runAndKill(cluster, point);
  const [operation] = await operationsOf(cluster);
  expect(operation?.kind).toBe(point.kind);
  const { id = "", status: journal = "" } = operation ?? {};
  // Evaluated once per point.
  const handsOff = way === "resume" ? await tryByHand(cluster, point, id) : "-";

  // A runner that outlives its engine rolls some steps back at once.
  const isBack = journal === "rolled-back";
  const isForward = forward[point.kind]?.some((step) => isBegun(point, step)) ?? false;
  const back = isBack || (way === "rollback" && !isForward);
  if (way === "rollback" && isForward) {
    const refused = await cluster.sandbox.run(["ops", "rollback", id, "--wait", "60s"]);
    expect(refused).toMatchObject({ status: 1, stderr: expect.stringContaining("SW620") });
  }
  if (!isBack) await swarmctl(cluster, "ops", back ? "rollback" : "resume", id, "--wait", "60s");
  const end = back ? (from ?? "DESTROYED") : to;
  const after = await seenAs(cluster, end);
  if (after !== undefined) {
    expect(after.operation).toBeUndefined();
    if (before !== undefined) expect(after.blueprint.version).toBe(back ? before.blueprint.version : version);
    if (before !== undefined && (back || point.kind !== "scale")) expect(after.counts).toEqual(before.counts);
    if (roots !== undefined && end === "ACTIVE") expect(await rootsOf(cluster)).toMatchObject(roots);
  }
  return { point: nameOf(point), way: isBack ? "-" : back ? "rollback" : "resume", journal, handsOff, end };
}

export function printed(rows: readonly Row[]): string {
  const lines = rows.map(({ point, way, journal, handsOff, end }) =>
    [point.padEnd(44), journal.padEnd(10), handsOff.padEnd(8), way.padEnd(9), end].join("  "),
  );
  return [`${"killed".padEnd(44)}  journal     by hand   then       end`, ...lines].join("\n");
}

/** Writes a changed blueprint whose workers must restart. @returns its version */
function writeNext({ sandbox, blueprint }: TestCluster, before: Status | undefined): string {
  const [major, minor] = (before?.blueprint.version ?? "").split(".");
  const version = `${major}.${Number(minor) + 1}.0`;
  const text = readFileSync(blueprint, "utf8").replace(/version: [\d.]+/, `version: ${version}`);
  const others = text.split("\n").filter((line) => !line.includes("EDITION"));
  sandbox.write(basename(blueprint), [...others, `    env: { EDITION: "${version}" }`, ""].join("\n"));
  return version;
}

async function bringTo(cluster: TestCluster, state: "ACTIVE" | "HIBERNATED"): Promise<Status> {
  const present = await statusOf(cluster);
  const isSized = state === "HIBERNATED" || present.counts.worker === 2;
  if (present.status === state && isSized) return present;
  if (present.status === state) await swarmctl(cluster, "scale", cluster.name, "--role", "worker=2");
  else await swarmctl(cluster, state === "ACTIVE" ? "reactivate" : "hibernate", cluster.name);
  return statusOf(cluster);
}

/** @param station destination of a migration */
export async function runAndKill({ sandbox, name, blueprint }: TestCluster, point: Point, station = ""): Promise<void> {
  const args = ["--cluster", name, "--file", blueprint, "--point", JSON.stringify(point), "--station", station];
  const child = spawn(process.execPath, [runner, ...args], {
    cwd: sandbox.home,
    env: sandbox.env,
    stdio: ["ignore", "ignore", "pipe"],
  });
  let stderr = "";
  child.stderr.on("data", (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  await new Promise((resolve) => child.once("close", resolve));
  if (point.victim === "runner") expect(child.signalCode, stderr).toBe("SIGKILL");
  else expect(stderr).not.toContain("to kill");
}

/** An unfinished operation of several updates rejects other changes of the stack. */
/** @param on name of the cluster's stack */
export async function tryByHand(
  cluster: TestCluster,
  { kind }: Point,
  id: string,
  on: TestCluster = cluster,
): Promise<Row["handsOff"]> {
  if (kind === "spawn" || kind === "destroy") return "-";
  // The engine continues when only its runner is killed.
  await until("nothing works for it any more", async () => (await workingFor(id)).length === 0, 60_000);
  const { operation } = await statusOf(cluster);
  if (operation === undefined) return "-";
  expect(operation.id).toBe(id);
  for (const args of [
    ["up", "--yes"],
    ["destroy", "--yes"],
  ]) {
    const refused = await pulumi(on, ...args);
    expect(refused.status, args.join(" ")).not.toBe(0);
    expect(refused.stdout + refused.stderr).toContain(`in the middle of operation ${id}`);
  }
  return "refused";
}

/** Undefined for a destroyed cluster. */
async function seenAs(cluster: TestCluster, expected: string): Promise<Status | undefined> {
  if (expected === "DESTROYED") {
    const gone = await cluster.sandbox.run(["status", cluster.name]);
    expect(gone).toMatchObject({ status: 1, stderr: expect.stringContaining("SW605") });
    expect(await cluster.running()).toEqual([]);
    return undefined;
  }
  const state = expected === "ACTIVE" ? "running" : "hibernated";
  const after = await statusOf(cluster);
  expect(after).toMatchObject({ status: expected, state });
  if (expected === "HIBERNATED") expect(await cluster.running()).toEqual([]);
  return after;
}

/** Processes with the session variable of an operation. */
async function workingFor(operation: string): Promise<readonly string[]> {
  const pids = (await readdir("/proc")).filter((entry) => /^\d+$/.test(entry));
  const environments = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/environ`, "utf8").catch(() => "")));
  return pids.filter((_pid, index) => environments[index]?.split("\0").includes(`SWARM_SESSION=${operation}`));
}

/** Whether a step has started at a point; steps are in the order of their operation. */
function isBegun({ kind, step }: Point, which: string): boolean {
  const order: Readonly<Record<string, readonly string[]>> = {
    reactivate: ["expect", "wake", "verify", "work"],
    destroy: ["drain", "archive", "destroy"],
  };
  const steps = order[kind] ?? [];
  return steps.indexOf(step) >= steps.indexOf(which);
}
