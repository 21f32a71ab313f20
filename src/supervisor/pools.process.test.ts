import { existsSync, readdirSync, readFileSync, readlinkSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { PoolStatus } from "../agent-api/status.ts";
import { deletePool, ensureSupervisor, putPool, supervisorStatus, waitForPool } from "../drivers/process/client.ts";
import { removeSite, stopSupervisor } from "../drivers/process/remove.ts";
import {
  eventually,
  owner,
  pidsOf,
  poolOf,
  poolStatus,
  processesOf,
  scratchSite,
} from "../drivers/process/scratch.fixture.ts";
import { identify } from "../platform/processes/identity.ts";
import { isAlive } from "../platform/processes/signal.ts";
import { defaultLimits } from "../platform/rotation.ts";
import { follow } from "./logs.ts";

test.concurrent("a pool scales out, scales in from its highest ordinal, and is deleted", async ({ onTestFinished }) => {
  const site = scratchSite(onTestFinished);
  await ensureSupervisor(site);
  await putPool(site.dir, poolOf());
  const [first] = pidsOf(await waitForPool(site.dir, "writer", 1));

  await putPool(site.dir, poolOf({ count: 5 }));
  const five = await waitForPool(site.dir, "writer", 5);
  expect(five.instances.map((instance) => instance.id)).toEqual([
    "writer-0",
    "writer-1",
    "writer-2",
    "writer-3",
    "writer-4",
  ]);
  expect(five.instances[0]?.pid).toBe(first);

  const files = () => ["logs", "tokens", "state"].map((folder) => readdirSync(join(site.dir, folder)).sort());
  const ids = (count: number) => Array.from({ length: count }, (_, ordinal) => `writer-${ordinal}`);
  const logsOf = (count: number) => ids(count).flatMap((id) => [`${id}.log`, `${id}.pipe`]);
  expect(files()).toEqual([logsOf(5), ids(5), ids(5)]);
  await putPool(site.dir, poolOf({ count: 2 }));
  const two = await waitForPool(site.dir, "writer", 2);
  // States are for instances of these names that come later.
  expect(files()).toEqual([logsOf(2), ids(2), ids(5)]);
  expect(pidsOf(two)).toEqual(pidsOf(five).slice(0, 2));
  expect(processesOf(site)).toHaveLength(2);

  await deletePool(site.dir, "writer");
  await deletePool(site.dir, "writer");
  expect((await supervisorStatus(site.dir)).pools).toEqual([]);
  expect(processesOf(site)).toEqual([]);
});

test.concurrent("a killed instance restarts, and its status has the reason", async ({ onTestFinished }) => {
  const site = scratchSite(onTestFinished);
  await ensureSupervisor(site);
  await putPool(site.dir, poolOf({ command: ["sh", "-c", "echo at work; exec sleep 600"] }));
  const [pid] = pidsOf(await waitForPool(site.dir, "writer", 1));
  process.kill(pid ?? 0, "SIGKILL");
  const again = await eventually(async () => {
    const [instance] = (await poolStatus(site)).instances;
    return instance?.state === "running" && instance.pid !== pid ? instance : undefined;
  });
  expect(again).toMatchObject({ restarts: 1, reason: "killed by SIGKILL\nat work" });
  expect(processesOf(site)).toHaveLength(1);
});

test.concurrent("a wait for a pool survives a silent supervisor", async ({ onTestFinished }) => {
  const site = scratchSite(onTestFinished);
  const { pid } = await ensureSupervisor(site);
  await putPool(site.dir, poolOf({ count: 2 }));
  process.kill(pid, "SIGSTOP");
  onTestFinished(() => void process.kill(pid, "SIGCONT"));
  const waiting = waitForPool(site.dir, "writer", 2);
  // This call was made later, and gets no answer either.
  await expect(supervisorStatus(site.dir)).rejects.toMatchObject({ code: "SW704" });
  process.kill(pid, "SIGCONT");
  expect(await waiting).toMatchObject({ running: 2 });
});

test.concurrent("a command that does not exist is reported as such", async ({ onTestFinished }) => {
  const site = scratchSite(onTestFinished);
  await ensureSupervisor(site);
  await putPool(site.dir, poolOf({ command: ["no-such-program"] }));
  await expect(waitForPool(site.dir, "writer", 1, { deadlineMs: 1_500 })).rejects.toMatchObject({
    code: "SW640",
    message: expect.stringContaining("writer-0: failed: no-such-program: command not found"),
  });
});

test.concurrent("a changed environment causes a rolling restart", async ({ onTestFinished }) => {
  const site = scratchSite(onTestFinished);
  await ensureSupervisor(site);
  await putPool(site.dir, poolOf({ count: 3 }));
  const before = await waitForPool(site.dir, "writer", 3);
  let fewest = 3;
  await putPool(site.dir, poolOf({ count: 3, env: { MODEL: "large" }, generation: 2 }));
  const after = await waitForPool(site.dir, "writer", 3, {
    onProgress: (pool) => (fewest = Math.min(fewest, pool.running)),
  });
  expect(fewest).toBe(2);
  expect(after.generation).toBe(2);
  expect(pidsOf(after).filter((pid) => pidsOf(before).includes(pid))).toEqual([]);
});

test.concurrent("a new generation of the same command restarts nothing", async ({ onTestFinished }) => {
  const site = scratchSite(onTestFinished);
  await ensureSupervisor(site);
  await putPool(site.dir, poolOf());
  const before = await waitForPool(site.dir, "writer", 1);
  await putPool(site.dir, poolOf({ generation: 2, stopTimeoutMs: 1_000 }));
  const after = await waitForPool(site.dir, "writer", 1);
  expect(after.generation).toBe(2);
  expect(pidsOf(after)).toEqual(pidsOf(before));
});

test.concurrent("an instance that ignores SIGTERM is killed at its deadline with its children, also those that left its group", async ({
  onTestFinished,
}) => {
  const site = scratchSite(onTestFinished);
  await ensureSupervisor(site);
  const script = "trap '' TERM; sleep 600 & setsid sleep 600 & while :; do sleep 1; done";
  await putPool(site.dir, poolOf({ command: ["sh", "-c", script], stopTimeoutMs: 400 }));
  await waitForPool(site.dir, "writer", 1);
  const tree = await eventually(() => (processesOf(site).length === 4 ? processesOf(site) : undefined));
  const begin = performance.now();
  await deletePool(site.dir, "writer");
  expect(performance.now() - begin).toBeGreaterThan(400);
  expect(tree.filter(isAlive)).toEqual([]);
  expect(processesOf(site)).toEqual([]);
});

test.concurrent("a daemon that has dropped the environment and left its session is stopped with its instance", async ({
  onTestFinished,
}) => {
  const site = scratchSite(onTestFinished);
  await ensureSupervisor(site);
  const left = join(site.dir, "left");
  const script = `(setsid env -i sh -c 'echo $$ > ${left}; exec /bin/sleep 600' &); exec sleep 600`;
  await putPool(site.dir, poolOf({ command: ["sh", "-c", script] }));
  await waitForPool(site.dir, "writer", 1);
  const daemon = await eventually(() => (existsSync(left) ? identify(Number(readFileSync(left, "utf8"))) : undefined));
  onTestFinished(() => void (isAlive(daemon) && process.kill(daemon.pid, "SIGKILL")));
  expect(readFileSync(`/proc/${daemon.pid}/environ`, "utf8")).not.toContain("SWARM");
  await deletePool(site.dir, "writer");
  expect(isAlive(daemon)).toBe(false);
});

test.concurrent("a program that keeps crashing ends the wait with its reason long before the deadline", async ({
  onTestFinished,
}) => {
  const site = scratchSite(onTestFinished);
  await ensureSupervisor(site);
  await putPool(site.dir, poolOf({ command: ["sh", "-c", "echo no model >&2; exit 3"] }));
  const refusal = { code: "SW640", message: expect.stringMatching(/writer-0: backing-off: .*exit code 3.*no model/s) };
  // The deadline exceeds this test's timeout.
  await expect(waitForPool(site.dir, "writer", 1, { deadlineMs: 3_600_000 })).rejects.toMatchObject(refusal);
});

test.concurrent("a program that ends within its start period never counts as running; the next declaration tries it at once", async ({
  onTestFinished,
}) => {
  const site = scratchSite(onTestFinished);
  await ensureSupervisor(site);
  const mended = join(site.dir, "mended");
  const command = ["sh", "-c", `test -e '${mended}' || { sleep 0.6; exit 3; }; exec sleep 600`];
  const spec = poolOf({ command, startPeriodMs: 1_000 });
  await putPool(site.dir, spec);
  const seen: number[] = [];
  const watching = { deadlineMs: 2_500, onProgress: (pool: PoolStatus) => seen.push(pool.running) };
  await expect(waitForPool(site.dir, "writer", 1, watching)).rejects.toMatchObject({ code: "SW640" });
  expect(Math.max(...seen)).toBe(0);
  writeFileSync(mended, "");
  await putPool(site.dir, spec);
  expect(await waitForPool(site.dir, "writer", 1)).toMatchObject({ running: 1 });
});

test.concurrent("a pool of another owner is neither changed nor removed", async ({ onTestFinished }) => {
  const site = scratchSite(onTestFinished);
  await ensureSupervisor(site);
  await putPool(site.dir, poolOf());
  const foreign = { uid: "s-2", urn: "urn:pulumi:other::swarmstack::swarmstack:index:AgentPool::writer" };
  const refusal = { code: "SW703", values: { present: owner, wished: foreign } };
  await expect(putPool(site.dir, poolOf({ owner: foreign, count: 9 }))).rejects.toMatchObject(refusal);
  await expect(deletePool(site.dir, "writer", { owner: foreign })).rejects.toMatchObject(refusal);
  expect((await putPool(site.dir, poolOf())).wanted).toBe(1);
});

test.concurrent("an instance gets its own variables, and no secrets of the supervisor", async ({ onTestFinished }) => {
  const secrets = {
    PULUMI_CONFIG_PASSPHRASE: "open sesame",
    SWARM_PASSPHRASE: "open sesame",
    OPENAI_API_KEY: "open sesame",
  };
  Object.assign(process.env, secrets);
  onTestFinished(() => {
    for (const name of Object.keys(secrets)) delete process.env[name];
  });
  const site = scratchSite(onTestFinished);
  const { pid } = await ensureSupervisor(site);
  await putPool(site.dir, poolOf({ env: { MODEL: "large", SWARM_ROLE: "king" } }));
  const pool = await waitForPool(site.dir, "writer", 1);
  const [environment = "", supervisors] = [pool.instances[0]?.pid, pid].map((one) =>
    readFileSync(`/proc/${one}/environ`, "utf8"),
  );
  const token = readFileSync(join(site.dir, "token"), "utf8");
  for (const secret of ["open sesame", token]) expect(environment + supervisors).not.toContain(secret);
  const open = readdirSync(`/proc/${pool.instances[0]?.pid}/fd`).map((fd) =>
    readlinkSync(`/proc/${pool.instances[0]?.pid}/fd/${fd}`),
  );
  const log = join(site.dir, "logs", "writer-0.pipe");
  expect(open.filter((target) => target.startsWith(site.dir))).toEqual([log, log]);
  expect(environment.split("\0")).toEqual(
    expect.arrayContaining([
      "MODEL=large",
      "SWARM_ROLE=worker",
      "SWARM_CLUSTER=marketing",
      "SWARM_AGENT=writer",
      "SWARM_INSTANCE=writer-0",
      `SWARM_SITE=${site.dir}`,
      `SWARM_STATE_DIR=${join(site.dir, "state", "writer-0")}`,
      expect.stringMatching(/^SWARM_API=http:\/\/127\.0\.0\.1:\d+$/),
    ]),
  );
});

test.concurrent("the reference agent reports that it is alive, and ends on SIGTERM", async ({ onTestFinished }) => {
  const site = scratchSite(onTestFinished);
  await ensureSupervisor(site);
  const { command: _, ...reference } = poolOf();
  await putPool(site.dir, reference);
  const pool = await waitForPool(site.dir, "writer", 1);
  expect(pool.instances).toMatchObject([{ epoch: 1, state: "running" }]);
  const lines: string[] = [];
  const stop = new AbortController();
  onTestFinished(() => stop.abort());
  void (async () => {
    for await (const line of follow(site.dir, "writer-0", { signal: stop.signal, lines: 9 })) lines.push(line);
  })();
  await deletePool(site.dir, "writer");
  await eventually(() => lines.at(-1)?.includes(": ended") || undefined);
  expect(lines.join("\n")).toMatch(
    /writer-0: alive as worker of marketing[\s\S]*writer-0: ends on SIGTERM[\s\S]*writer-0: ended/,
  );
});

test.concurrent("stopping the supervisor stops its instances and keeps the desired state", async ({
  onTestFinished,
}) => {
  const site = scratchSite(onTestFinished);
  await ensureSupervisor(site);
  await putPool(site.dir, poolOf({ count: 2 }));
  await waitForPool(site.dir, "writer", 2);
  await stopSupervisor(site.dir);
  expect(processesOf(site)).toEqual([]);
  await expect(supervisorStatus(site.dir)).rejects.toMatchObject({ code: "SW704" });
  await ensureSupervisor(site);
  await waitForPool(site.dir, "writer", 2);
});

test.concurrent("removing the site leaves nothing", async ({ onTestFinished }) => {
  const site = scratchSite(onTestFinished);
  const { pid } = await ensureSupervisor(site);
  await putPool(site.dir, poolOf({ count: 2 }));
  await waitForPool(site.dir, "writer", 2);
  await removeSite(site.dir);
  expect(processesOf(site)).toEqual([]);
  expect(statSync(site.dir, { throwIfNoEntry: false })).toBeUndefined();
  expect(identify(pid)).toBeUndefined();
  await removeSite(site.dir);
});

test.concurrent("an instance that writes without end takes no more disk than its limit", async ({ onTestFinished }) => {
  const site = scratchSite(onTestFinished);
  await ensureSupervisor(site);
  // It tells when 60 MB, four times the limit, are written.
  const script = "yes | head -c 60000000; touch written; exec yes";
  await putPool(site.dir, poolOf({ command: ["sh", "-c", script] }));
  const logs = join(site.dir, "logs");
  let most = 0;
  await eventually(() => {
    const sizes = readdirSync(logs).map((name) => statSync(join(logs, name), { throwIfNoEntry: false })?.size ?? 0);
    most = Math.max(
      most,
      sizes.reduce((sum, size) => sum + size, 0),
    );
    return existsSync(join(site.dir, "state", "writer-0", "written")) || undefined;
  });
  expect(most).toBeGreaterThan(5_000_000);
  expect(most).toBeLessThanOrEqual(4 * defaultLimits.maxBytes);
});
