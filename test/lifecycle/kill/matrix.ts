import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "vitest";
import {
  operationsOf,
  pulumi,
  rootsOf,
  type Status,
  statusOf,
  swarmctl,
  type TestCluster,
} from "../support/cluster.ts";
import { nameOf, type Point } from "./points.ts";

export type Way = "resume" | "rollback";

/** What was seen of one kill, a row of the matrix. */
export interface Row {
  readonly point: string;
  readonly way: Way;
  readonly journal: string;
  readonly handsOff: "refused" | "-";
  readonly end: string;
}

const runner = fileURLToPath(new URL("./runner.ts", import.meta.url));

/** Operations that can only go forward once they have begun with these steps. */
const forward: Readonly<Record<string, readonly string[]>> = {
  reactivate: ["work"],
  destroy: ["drain", "archive", "destroy"],
};

/** In which state an operation finds its cluster, and leaves it. */
const states = {
  spawn: { from: undefined, to: "ACTIVE" },
  update: { from: "ACTIVE", to: "ACTIVE" },
  scale: { from: "ACTIVE", to: "ACTIVE" },
  hibernate: { from: "ACTIVE", to: "HIBERNATED" },
  reactivate: { from: "HIBERNATED", to: "ACTIVE" },
  destroy: { from: "ACTIVE", to: "DESTROYED" },
} as const;

/** Kills at a point, and then goes on or back; what is there in the end must be what it was, or what it should be. */
export async function killAt(cluster: TestCluster, point: Point, way: Way): Promise<Row> {
  const { from, to } = states[point.kind];
  if (from !== undefined) await bringTo(cluster, from);
  const before = from === undefined ? undefined : await statusOf(cluster);
  const roots = before?.status === "ACTIVE" ? await rootsOf(cluster) : undefined;
  const version = point.kind === "update" ? writeNext(cluster, before) : before?.blueprint.version;
  await runAndKill(cluster, point);
  const [operation] = await operationsOf(cluster);
  expect(operation?.kind, nameOf(point)).toBe(point.kind);
  const id = operation?.id ?? "";
  const journal = operation?.status ?? "";
  // Asked once for each point.
  const handsOff = way === "resume" ? await tryByHand(cluster, point, id) : "-";

  const isForward = forward[point.kind]?.some((step) => isBegun(point, step)) ?? false;
  const back = way === "rollback" && !isForward;
  if (way === "rollback" && isForward) {
    const refused = await cluster.sandbox.run(["ops", "rollback", id, "--wait", "60s"]);
    expect(refused, nameOf(point)).toMatchObject({ status: 1, stderr: expect.stringContaining("SW620") });
  }
  await swarmctl(cluster, "ops", back ? "rollback" : "resume", id, "--wait", "60s");
  const expected = back ? (from ?? "DESTROYED") : to;
  await expectState(cluster, expected, point);
  if (expected !== "DESTROYED") {
    const after = await statusOf(cluster);
    expect(after.operation, nameOf(point)).toBeUndefined();
    if (before !== undefined) expect(after.blueprint.version).toBe(back ? before.blueprint.version : version);
    if (before !== undefined && (back || point.kind !== "scale")) expect(after.counts).toEqual(before.counts);
    if (roots !== undefined && expected === "ACTIVE") expect(await rootsOf(cluster)).toMatchObject(roots);
  }
  return { point: nameOf(point), way: back ? "rollback" : "resume", journal, handsOff, end: expected };
}

export function printed(rows: readonly Row[]): string {
  const lines = rows.map(({ point, way, journal, handsOff, end }) =>
    [point.padEnd(44), journal.padEnd(10), handsOff.padEnd(8), way.padEnd(9), end].join("  "),
  );
  return [`${"killed".padEnd(44)}  journal     by hand   then       end`, ...lines].join("\n");
}

/** Another blueprint than the one that runs: its workers have to be started again. @returns its version */
function writeNext({ sandbox, blueprint }: TestCluster, before: Status | undefined): string {
  const [major, minor] = (before?.blueprint.version ?? "").split(".");
  const version = `${major}.${Number(minor) + 1}.0`;
  const text = readFileSync(blueprint, "utf8").replace(/version: [\d.]+/, `version: ${version}`);
  const others = text.split("\n").filter((line) => !line.includes("EDITION"));
  sandbox.write(basename(blueprint), [...others, `    env: { EDITION: "${version}" }`, ""].join("\n"));
  return version;
}

async function bringTo(cluster: TestCluster, state: "ACTIVE" | "HIBERNATED"): Promise<void> {
  const { status, counts } = await statusOf(cluster);
  if (status !== state) await swarmctl(cluster, state === "ACTIVE" ? "reactivate" : "hibernate", cluster.name);
  else if (state === "ACTIVE" && counts.worker !== 2)
    await swarmctl(cluster, "scale", cluster.name, "--role", "worker=2");
}

async function runAndKill({ sandbox, name, blueprint }: TestCluster, point: Point): Promise<void> {
  const args = ["--cluster", name, "--file", blueprint, "--point", JSON.stringify(point)];
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
  else expect(stderr, nameOf(point)).not.toContain("to kill");
}

/** In the middle of an operation of several updates nobody changes the stack by hand. */
async function tryByHand(cluster: TestCluster, { kind }: Point, id: string): Promise<Row["handsOff"]> {
  if (kind === "spawn" || kind === "destroy") return "-";
  const { operation } = await statusOf(cluster);
  if (operation === undefined) return "-";
  expect(operation.id).toBe(id);
  for (const args of [
    ["up", "--yes"],
    ["destroy", "--yes"],
  ]) {
    const refused = await pulumi(cluster, ...args);
    expect(refused.status, args.join(" ")).not.toBe(0);
    expect(refused.stdout + refused.stderr).toContain(`in the middle of operation ${id}`);
  }
  return "refused";
}

async function expectState(cluster: TestCluster, expected: string, point: Point): Promise<void> {
  if (expected === "DESTROYED") {
    const gone = await cluster.sandbox.run(["status", cluster.name]);
    expect(gone, nameOf(point)).toMatchObject({ status: 1, stderr: expect.stringContaining("SW605") });
    expect(await cluster.running(), nameOf(point)).toEqual([]);
    return;
  }
  const seen = expected === "ACTIVE" ? "running" : "hibernated";
  expect(await statusOf(cluster), nameOf(point)).toMatchObject({ status: expected, state: seen });
  if (expected === "HIBERNATED") expect(await cluster.running(), nameOf(point)).toEqual([]);
}

/** Whether a step has begun at a point: steps are in the order of their operation. */
function isBegun({ kind, step }: Point, which: string): boolean {
  const order: Readonly<Record<string, readonly string[]>> = {
    reactivate: ["expect", "wake", "verify", "work"],
    destroy: ["drain", "archive", "destroy"],
  };
  const steps = order[kind] ?? [];
  return steps.indexOf(step) >= steps.indexOf(which);
}
