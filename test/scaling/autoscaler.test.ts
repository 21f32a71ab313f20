import { afterAll, beforeAll, expect, test } from "vitest";
import { Sandbox, until } from "../support/sandbox.ts";
import { elasticTeam, startAutoscaler, untilRunning } from "./support/autoscaler.ts";

const sandbox = new Sandbox();
let blueprint: string;

beforeAll(() => {
  blueprint = sandbox.write("team.yaml", elasticTeam("team"));
});

afterAll(() => sandbox.dispose());

interface Counts {
  readonly counts: { readonly done: number };
}

test("workers come when tasks are added and go when they are done; of two autoscalers one writes", async () => {
  const up = await sandbox.run(["up", blueprint]);
  expect(up.stderr).toContain("no autoscaler runs for team: worker keep their counts until swarmctl autoscaler runs");
  expect((await sandbox.run(["status"])).stderr).toContain("no autoscaler runs for team");

  const scalers = [startAutoscaler(sandbox), startAutoscaler(sandbox)];
  await until("one stands by", () => scalers.some(({ lines }) => lines().some(({ type }) => type === "standing-by")));
  const task = ["task", "add", '{"skill":"sleep","ms":400}', "--capability", "work"];
  expect((await sandbox.json<{ ids: string[] }>([...task, "--count", "10"])).ids).toHaveLength(10);
  await untilRunning(sandbox, "worker", 4);
  await until("all are done", async () => (await sandbox.json<Counts>(["task", "list"])).counts.done === 10);
  await untilRunning(sandbox, "worker", 0);

  const changes = scalers.map(({ lines }) => lines().filter(({ type }) => type === "scaling"));
  expect(changes.filter((of) => of.length > 0)).toHaveLength(1);
  expect(changes.flat().at(-1)).toMatchObject({ agent: "worker", to: 0, outcome: { ok: true } });
  expect(Math.max(...changes.flat().map(({ to }) => to ?? 0))).toBe(4);
  for (const scaler of scalers) expect(await scaler.stop()).toMatchObject({ status: 0, stderr: "" });
});

test("each decision is recorded with its reason, and is decided again in the same way", async () => {
  const { decisions } = await sandbox.json<{ decisions: { agents: Record<string, { to: number; code: string }> }[] }>([
    ...["autoscale", "why", "team", "--agent", "worker", "--limit", "100"],
  ]);
  expect(decisions.map(({ agents }) => agents.worker)).toContainEqual(
    expect.objectContaining({ action: "up", to: 4, reason: expect.stringMatching(/4/) }),
  );
  const trace = await sandbox.run(["autoscale", "why", "team", "--limit", "100", "--trace"]);
  const file = sandbox.write("trace.ndjson", trace.stdout);
  const replayed = await sandbox.json<{ decisions: number; same: number }>(["autoscale", "eval", "--replay", file]);
  expect(replayed.decisions).toBeGreaterThanOrEqual(decisions.length);
  expect(replayed.same).toBe(replayed.decisions);
});

test("the status says that none runs, and why a count stays", async () => {
  const none = await sandbox.json<{ clusters: { conditions: unknown[] }[] }>(["autoscale", "status", "team"]);
  expect(none.clusters[0]?.conditions).toMatchObject([{ code: "not-running", hint: "swarmctl autoscaler" }]);
  expect((await sandbox.run(["autoscale", "pause", "team", "--for", "1h", "--reason", "a test"])).status).toBe(0);
  const paused = await sandbox.run(["autoscale", "status"]);
  expect(paused.stdout).toMatch(/team +worker +0 +0-4 +0 +0 +0 +paused/);
  expect(paused.stderr).toContain("paused: worker stays at 0:");
  expect((await sandbox.run(["autoscale", "resume", "team"])).stdout).toBe("team is scaled again\n");
});
