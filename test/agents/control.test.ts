import { expect, test } from "vitest";
import { followEvents, readEvents } from "../../src/drivers/control/event-calls.ts";
import {
  addTask,
  cancelTask,
  countTasks,
  listTasks,
  requeueTask,
  showTask,
} from "../../src/drivers/control/task-calls.ts";
import { ensureSupervisor, putPool, waitForPool } from "../../src/drivers/process/client.ts";
import { poolOf } from "../../src/drivers/process/scratch.fixture.ts";
import { driverOf, eventually, give, kill, referencePool, scratchSite } from "./support/site.ts";

test.concurrent("tasks are added once, listed, counted, shown, cancelled and requeued", async ({ onTestFinished }) => {
  const site = scratchSite(onTestFinished);
  await ensureSupervisor(site);
  const request = {
    ...{ selector: { role: "worker" }, payload: { skill: "echo", text: "a" }, idempotencyKey: "k" },
    allowUnknown: true,
  };
  const { id, status } = await addTask(driverOf(site), request);
  expect([status, await addTask(driverOf(site), request)]).toEqual(["added", { status: "present", id }]);
  await expect(addTask(driverOf(site), { ...request, payload: 2 })).rejects.toMatchObject({ code: "SW710" });
  await expect(addTask(driverOf(site), { ...request, maxAttempts: 0 })).rejects.toMatchObject({ code: "SW608" });
  expect((await listTasks(driverOf(site), { state: "waiting" })).items).toMatchObject([
    { id, payload: { text: "a" }, attempt: 0 },
  ]);
  expect(await cancelTask(driverOf(site), id)).toBe("cancelled");
  await expect(showTask(driverOf(site), "none")).rejects.toMatchObject({ code: "SW715" });
  await expect(cancelTask(driverOf(site), "none")).rejects.toMatchObject({ code: "SW715" });

  const dead = await give(site, { skill: "fail", text: "cannot" });
  await putPool(site.dir, referencePool());
  const death = await eventually(async () => {
    const task = await showTask(driverOf(site), dead);
    return task.state === "dead" ? task : undefined;
  });
  expect(death).toMatchObject({ error: "Error: cannot", death: "failed" });
  expect(await requeueTask(driverOf(site), dead)).toBe("waiting");
  await eventually(async () => ((await showTask(driverOf(site), dead)).attempt === 2 ? true : undefined));
  expect((await countTasks(driverOf(site))).total).toMatchObject({ cancelled: 1, done: 0 });
});

test.concurrent("tasks are routed by agent, role and capability", async ({ onTestFinished }) => {
  const site = scratchSite(onTestFinished);
  await ensureSupervisor(site);
  const config = (capability: string) => JSON.stringify({ capabilities: [capability] });
  await putPool(site.dir, referencePool({ config: config("seo") }));
  await putPool(site.dir, referencePool({ agent: "lead", role: "lead", config: config("plan") }));
  const payload = { skill: "draft", text: "spring" };
  const requests = [
    { selector: { agent: "writer" }, by: "writer-0" },
    { selector: { role: "lead" }, by: "lead-0" },
    { selector: { capability: "seo" }, by: "writer-0" },
    { selector: { capability: "plan" }, by: "lead-0" },
  ];
  for (const { selector, by } of requests) {
    const { id } = await addTask(driverOf(site), { selector, payload });
    const { result } = await eventually(async () => {
      const task = await showTask(driverOf(site), id);
      return task.state === "done" ? task : undefined;
    });
    expect(result?.instance, JSON.stringify(selector)).toBe(by);
  }
  const painting = { selector: { capability: "paint" }, payload };
  await expect(addTask(driverOf(site), painting)).rejects.toMatchObject({ code: "SW717" });
  const { id } = await addTask(driverOf(site), { ...painting, allowUnknown: true });
  expect((await showTask(driverOf(site), id)).state).toBe("waiting");
  expect((await countTasks(driverOf(site))).unmatched).toEqual(["capability:paint"]);
});

test.concurrent("exec: environment and folder of the instance, streamed output, exit status, and its end when the caller disconnects", async ({
  onTestFinished,
}) => {
  const site = scratchSite(onTestFinished);
  await ensureSupervisor(site);
  await putPool(site.dir, poolOf({ env: { MODEL: "large" } }));
  await waitForPool(site.dir, "writer", 1);
  const run = async (command: string[], stdin = "") => {
    const said = { out: "", err: "" };
    const result = await driverOf(site).exec("writer-0", command, {
      stdin: Buffer.from(stdin),
      onStdout: (bytes) => (said.out += Buffer.from(bytes).toString()),
      onStderr: (bytes) => (said.err += Buffer.from(bytes).toString()),
    });
    return { ...result, ...said };
  };
  expect(await run(["sh", "-c", 'echo "$MODEL $SWARM_INSTANCE"; pwd; cat; echo no >&2; exit 3'], "in")).toEqual({
    ...{ exit: 3, signal: null, err: "no\n" },
    out: expect.stringMatching(/^large writer-0\n.*\/state\/writer-0\nin$/),
  });
  expect(await run(["sh", "-c", "kill -9 $$"])).toMatchObject({ exit: null, signal: "SIGKILL" });
  expect((await run(["head", "-c", "3000000", "/dev/zero"])).out).toHaveLength(3_000_000);
  await expect(run(["no-such-program"])).rejects.toMatchObject({ code: "SW604" });
  await expect(driverOf(site).exec("writer-9", ["true"])).rejects.toMatchObject({ code: "SW705" });

  const stop = new AbortController();
  let pid = 0;
  const endless = driverOf(site).exec("writer-0", ["sh", "-c", "echo $$; exec sleep 600"], {
    signal: stop.signal,
    onStdout: (bytes) => {
      pid = Number(Buffer.from(bytes).toString());
      stop.abort();
    },
  });
  await expect(endless).rejects.toMatchObject({ code: "SW606" });
  await eventually(() => {
    try {
      process.kill(pid, 0);
      return undefined;
    } catch {
      return true;
    }
  });
});

test.concurrent("events are read from an offset, also after a supervisor was killed", async ({ onTestFinished }) => {
  const site = scratchSite(onTestFinished);
  const { pid } = await ensureSupervisor(site);
  const stop = new AbortController();
  const seen: string[] = [];
  const following = (async () => {
    for await (const event of followEvents(driverOf(site), stop.signal)) {
      seen.push([event.kind, event["task"] ?? event["instance"] ?? ""].join(" "));
    }
  })();
  await putPool(site.dir, referencePool());
  const task = await give(site, { skill: "echo", text: "a" });
  await eventually(() => seen.includes(`task.done ${task}`) || undefined);
  expect(seen).toEqual(
    expect.arrayContaining(["instance.registered writer-0", `task.added ${task}`, `task.leased ${task}`]),
  );
  const page = await readEvents(driverOf(site));
  expect(
    (await readEvents(driverOf(site), { after: page.next - 1, stream: page.stream })).events.length,
  ).toBeGreaterThan(0);

  await kill(pid);
  await ensureSupervisor(site);
  const next = await give(site, { skill: "echo", text: "b" });
  await eventually(() => seen.includes(`task.done ${next}`) || undefined);
  expect(seen.filter((one) => one === `task.done ${task}`)).toHaveLength(1);
  stop.abort();
  await following;
});
