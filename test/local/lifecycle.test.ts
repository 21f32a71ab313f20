import { readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { readSupervisor } from "../../src/runtime/supervisor/client.ts";
import { team } from "../support/blueprints.ts";
import { agentPids, isAlive, runningInstances, up } from "../support/cluster.ts";
import { Sandbox, until } from "../support/sandbox.ts";

const sandbox = new Sandbox();
const blueprint = (workers: string) => sandbox.write("team.yaml", team({ id: "team", workers }));
const clusters = () => join(sandbox.home, ".swarmstack", "clusters");

afterAll(() => sandbox.dispose());

test("up starts the agents of a blueprint", async () => {
  const { changes } = await up(sandbox, [blueprint("1")]);
  expect(changes).toEqual({ create: 5 });
  expect(await runningInstances(sandbox, "team")).toEqual(["boss-0", "worker-0"]);
});

test("up again changes nothing, and a plan says so by its exit status", async () => {
  const pids = await agentPids(sandbox, "team");
  expect((await up(sandbox, [blueprint("1")])).changes).toEqual({ same: 5 });
  expect(await agentPids(sandbox, "team")).toEqual(pids);
  expect((await sandbox.run(["plan", blueprint("1")])).status).toBe(0);
});

test("a count edited from 1 to 5 to 2 starts and stops exactly the difference", async () => {
  const plan = await sandbox.run(["plan", blueprint("5")]);
  expect(plan.status).toBe(2);
  expect(plan.stdout).toMatch(/~ +team-worker +AgentPool +count 1 -> 5/);
  const [boss = 0, first = 0] = await agentPids(sandbox, "team");

  expect((await up(sandbox, [blueprint("5")])).changes).toMatchObject({ update: 2 });
  expect(await runningInstances(sandbox, "team")).toHaveLength(6);
  expect((await agentPids(sandbox, "team")).slice(0, 2)).toEqual([boss, first]);

  await up(sandbox, [blueprint("2")]);
  expect(await runningInstances(sandbox, "team")).toEqual(["boss-0", "worker-0", "worker-1"]);
  expect((await agentPids(sandbox, "team")).slice(0, 2)).toEqual([boss, first]);
});

test("supervisor and agents gone, as after a reboot: up sees it and brings them back", async () => {
  const [site = ""] = readdirSync(clusters());
  const supervisor = readSupervisor(join(clusters(), site));
  if (supervisor.state !== "alive") throw new Error("the supervisor does not run");
  const agents = await agentPids(sandbox, "team");
  // The supervisor first, or it would start its agents again.
  for (const pid of [supervisor.pid, ...agents]) process.kill(pid, "SIGKILL");
  await until("all are gone", () => ![supervisor.pid, ...agents].some(isAlive));

  expect((await sandbox.json<{ state: string }>(["status", "team"])).state).toBe("down");
  const plan = await sandbox.run(["plan", blueprint("2")]);
  expect(plan.stdout).toContain("not as recorded: to repair");
  expect((await up(sandbox, [blueprint("2")])).changes).toMatchObject({ update: 3 });
  expect(await runningInstances(sandbox, "team")).toEqual(["boss-0", "worker-0", "worker-1"]);
  expect((await up(sandbox, [blueprint("2")])).changes).toEqual({ same: 5 });
});

test("logs show what an instance wrote, and refuse a name that is none with those that are", async () => {
  const { logs } = await sandbox.json<{ logs: { instance: string; lines: string[] }[] }>(["logs", "worker-1"]);
  expect(logs).toMatchObject([
    { instance: "worker-1", lines: expect.arrayContaining([expect.stringContaining("alive")]) },
  ]);
  const wrong = await sandbox.run(["logs", "nobody"]);
  expect(wrong).toMatchObject({ status: 1, stderr: expect.stringContaining("instances: boss-0, worker-0, worker-1") });
});

test("down leaves no process, and no file but an empty state backend and the journal", async () => {
  const pids = await agentPids(sandbox, "team");
  const [site = ""] = readdirSync(clusters());
  const supervisor = readSupervisor(join(clusters(), site));
  const { status } = await sandbox.run(["down", "--yes"]);
  expect(status).toBe(0);
  // Ended processes are nobody's children: the system may take a moment to reap them.
  const all = [...pids, ...(supervisor.state === "alive" ? [supervisor.pid] : [])];
  await until("all processes are gone", () => !all.some(isAlive));
  const files = readdirSync(join(sandbox.home, ".swarmstack"), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => entry.name);
  expect(files.sort()).toEqual(["meta.yaml", "meta.yaml.attrs", "store.db", "swarmstack-passphrase"]);
  expect((await sandbox.json<{ total: number }>(["status"])).total).toBe(0);
});
