import { expect, onTestFinished, test } from "vitest";
import { supervisorStatus } from "../../src/drivers/process/client.ts";
import { Sandbox, until } from "../support/sandbox.ts";
import { elasticTeam, siteOf, startAutoscaler, untilRunning } from "./support/autoscaler.ts";

async function elastic(id: string): Promise<Sandbox> {
  const sandbox = new Sandbox({ SWARM_CLUSTER: id });
  onTestFinished(() => sandbox.dispose());
  const blueprint = sandbox.write("team.yaml", elasticTeam(id));
  expect((await sandbox.run(["up", blueprint])).status).toBe(0);
  return sandbox;
}

const work = (ms: number, count: number) => [
  ...["task", "add", `{"skill":"sleep","ms":${ms}}`, "--capability", "work", "--count", String(count)],
];

interface Shown {
  readonly clusters: readonly { readonly conditions: readonly { readonly code: string; readonly message: string }[] }[];
}

async function conditionsOf(sandbox: Sandbox): Promise<Shown["clusters"][0]["conditions"]> {
  return (await sandbox.json<Shown>(["autoscale", "status"])).clusters[0]?.conditions ?? [];
}

test("a count that a person sets is explained and left alone, until it is released", async () => {
  const sandbox = await elastic("pinned");
  const note = "no autoscaler runs for pinned";
  expect((await sandbox.run(["plan", "team.yaml"])).stderr).toContain(note);
  const scaler = startAutoscaler(sandbox);
  await until("it has the lease", async () => !(await sandbox.run(["status"])).stderr.includes(note));
  expect((await sandbox.run(["plan", "team.yaml"])).stderr).not.toContain(note);
  expect((await sandbox.run(work(600_000, 6))).status).toBe(0);
  await untilRunning(sandbox, "worker", 3);

  expect((await sandbox.run(["scale", "--role", "worker=2"])).status).toBe(0);
  await untilRunning(sandbox, "worker", 2);
  const applied = () => scaler.lines().filter(({ outcome }) => outcome?.ok).length;
  const before = applied();
  const isPinned = async () => (await conditionsOf(sandbox)).find(({ code }) => code === "pinned")?.message;
  expect(await isPinned()).toMatch(/worker stays at 2: .* set 2 until it is lifted: 3 would be right/);
  expect((await sandbox.run(work(600_000, 6))).status).toBe(0);
  await until("more is wanted", async () => /4 would be right/.test((await isPinned()) ?? ""));
  expect(applied()).toBe(before);

  expect((await sandbox.run(["autoscale", "force", "worker", "1", "--for", "1h"])).status).toBe(0);
  await untilRunning(sandbox, "worker", 1);
  expect(await isPinned()).toMatch(/ set 1 until \d{4}-/);
  expect((await sandbox.run(["autoscale", "resume"])).status).toBe(0);
  await untilRunning(sandbox, "worker", 4);
  expect(await scaler.stop()).toMatchObject({ status: 0 });
});

test("advice writes nothing; a pause holds a count, and its end lets it follow the work again", async () => {
  const sandbox = await elastic("advised");
  expect((await sandbox.run(work(600_000, 4))).status).toBe(0);
  const advice = await sandbox.run(["autoscaler", "--mode", "advise", "--once", "--json"]);
  expect(JSON.parse(advice.stdout)).toMatchObject({ agent: "worker", from: 0, to: 2, outcome: { code: "advised" } });
  expect((await sandbox.run(["autoscale", "pause", "--for", "1h"])).status).toBe(0);
  expect((await sandbox.run(["autoscaler", "--once"])).stderr).toBe("");
  await untilRunning(sandbox, "worker", 0);
  expect((await sandbox.run(["autoscale", "resume"])).status).toBe(0);
  expect((await sandbox.run(["autoscaler", "--once"])).stderr).toContain("advised: worker 0 -> 2");
  await untilRunning(sandbox, "worker", 2);
});

test("an autoscaler that was stopped for longer than its lease writes nothing of what it had decided", async () => {
  const sandbox = await elastic("stopped");
  const first = startAutoscaler(sandbox);
  const firstIsStopped = () => first.lines().filter(({ type }) => type === "scaling").length;
  expect((await sandbox.run(work(600_000, 2))).status).toBe(0);
  await untilRunning(sandbox, "worker", 1);
  first.child.kill("SIGSTOP");
  const before = firstIsStopped();

  const second = startAutoscaler(sandbox);
  expect((await sandbox.run(work(600_000, 4))).status).toBe(0);
  await until("the other one has taken over", () => second.lines().some(({ outcome }) => outcome?.ok), 60_000);
  await untilRunning(sandbox, "worker", 3);
  const seqOf = async () =>
    (await supervisorStatus(await siteOf(sandbox, "stopped"))).pools.find(({ agent }) => agent === "worker")?.fast?.seq;
  const seq = await seqOf();

  first.child.kill("SIGCONT");
  await until("the first one stands by", () => first.lines().some(({ type }) => type === "standing-by"), 60_000);
  expect(firstIsStopped()).toBe(before);
  expect(await seqOf()).toBe(seq);
  await untilRunning(sandbox, "worker", 3);
  for (const scaler of [first, second]) expect(await scaler.stop()).toMatchObject({ status: 0 });
});

test("nothing is written while a cluster hibernates, and its counts follow the work again after it wakes", async () => {
  const sandbox = await elastic("asleep");
  const scaler = startAutoscaler(sandbox);
  expect((await sandbox.run(work(300, 4))).status).toBe(0);
  await untilRunning(sandbox, "worker", 2);
  expect((await sandbox.run(["hibernate"])).status).toBe(0);
  expect(await conditionsOf(sandbox)).toMatchObject([{ code: "not-active" }]);
  expect((await sandbox.run(["reactivate"])).status).toBe(0);
  await untilRunning(sandbox, "worker", 0);
  expect(await scaler.stop()).toMatchObject({ status: 0 });
});

test("watch scales too, and stands by while an autoscaler runs", async () => {
  const sandbox = await elastic("watched");
  const scaler = startAutoscaler(sandbox);
  expect((await sandbox.run(work(600_000, 2))).status).toBe(0);
  await untilRunning(sandbox, "worker", 1);
  const { child, finished } = sandbox.start(["watch", "--interval", "1s", "--json"]);
  let printed = "";
  child.stdout?.on("data", (bytes: Buffer) => {
    printed += bytes.toString();
  });
  await until("watch stands by", () => printed.includes('"type":"standing-by"'));
  expect(await scaler.stop()).toMatchObject({ status: 0 });
  expect((await sandbox.run(work(600_000, 2))).status).toBe(0);
  await untilRunning(sandbox, "worker", 2);
  expect(printed).toContain('"type":"scaling"');
  child.kill("SIGTERM");
  expect(await finished).toMatchObject({ status: 0 });
});
