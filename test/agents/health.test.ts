import { once } from "node:events";
import { mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { bundleDigest } from "../../src/agent-api/knowledge/bundle.ts";
import { ensureSupervisor, putPool, readSupervisor, waitForPool } from "../../src/drivers/process/client.ts";
import { poolOf } from "../../src/drivers/process/scratch.fixture.ts";
import { driverOf, eventually, give, kill, referencePool, scratchSite, untilInstance } from "./support/site.ts";

test.concurrent("an instance that does not report is unresponsive, and recovers", async ({ onTestFinished }) => {
  const site = scratchSite(onTestFinished);
  await ensureSupervisor(site);
  await putPool(site.dir, referencePool());
  await waitForPool(site.dir, "writer", 1);
  const { pid = 0 } = await untilInstance(site, "writer-0", ({ health }) => health === "idle");
  process.kill(pid, "SIGSTOP");
  expect(await untilInstance(site, "writer-0", ({ health }) => health === "unresponsive")).toMatchObject({
    state: "running",
    pid,
  });
  process.kill(pid, "SIGCONT");
  expect(await untilInstance(site, "writer-0", ({ health }) => health === "idle")).toMatchObject({ pid, epoch: 1 });
});

test.concurrent("status shows the tasks and the resource usage of an instance", async ({ onTestFinished }) => {
  const site = scratchSite(onTestFinished);
  await ensureSupervisor(site);
  await putPool(site.dir, referencePool());
  await waitForPool(site.dir, "writer", 1);
  await give(site, { skill: "echo", text: "a" });
  await give(site, { skill: "fail", text: "on purpose" });
  const long = await give(site, { skill: "sleep", ms: 600_000 });
  const busy = await untilInstance(
    site,
    "writer-0",
    ({ tasks, cpu, errors, tasksPerMinute }) =>
      tasks?.[0] === long && cpu !== undefined && errors === 1 && tasksPerMinute === 1,
  );
  expect(busy).toMatchObject({ health: "busy", responseMs: expect.any(Number), memoryBytes: expect.any(Number) });
});

test.concurrent("a new supervisor knows the registered instances", async ({ onTestFinished }) => {
  const site = scratchSite(onTestFinished);
  const first = await ensureSupervisor(site);
  await putPool(site.dir, referencePool({ count: 2 }));
  const before = await waitForPool(site.dir, "writer", 2);
  // It also issues new tokens, because existing ones may have expired.
  for (const { id } of before.instances) writeFileSync(join(site.dir, "tokens", id), "over");
  await kill(first.pid);
  await ensureSupervisor(site);
  const after = await untilInstance(site, "writer-1", ({ health }) => health === "idle");
  expect(after).toMatchObject({ pid: before.instances[1]?.pid, epoch: 1 });
});

test.concurrent("an instance has its configuration, knowledge and token, readable by its user only", async ({
  onTestFinished,
}) => {
  const site = scratchSite(onTestFinished);
  await ensureSupervisor(site);
  const path = join(dirname(site.dir), "brand");
  mkdirSync(path);
  writeFileSync(join(path, "voice.md"), "calm");
  const knowledge = [{ name: "brand", path, digest: bundleDigest(path) }];
  await putPool(site.dir, referencePool({ config: '{"agent":"writer","capabilities":["seo"]}', knowledge }));
  await waitForPool(site.dir, "writer", 1);
  const script =
    'cat "$SWARM_CONFIG"; ls "$SWARM_KNOWLEDGE_DIR/brand"; stat -c %a "$SWARM_TOKEN_FILE" "$SWARM_KNOWLEDGE_DIR"/brand/*';
  let text = "";
  await driverOf(site).exec("writer-0", ["sh", "-c", script], {
    onStdout: (bytes) => (text += Buffer.from(bytes).toString()),
  });
  expect(text).toContain('"capabilities":["seo"]');
  expect(text).toMatch(/voice\.md\n600\n444\n$/);
  expect(statSync(join(site.dir, "tokens", "writer-0")).mode & 0o777).toBe(0o600);
  expect(readFileSync(join(site.dir, "audit.log"), "utf8")).toContain('"action":"agent.register"');

  const changed = [{ name: "brand", path, digest: "0".repeat(64) }];
  await expect(putPool(site.dir, referencePool({ knowledge: changed }))).rejects.toMatchObject({ code: "SW802" });
});

test.concurrent("a supervisor with a new port restarts instances that use the API, and no others", async ({
  onTestFinished,
}) => {
  const site = scratchSite(onTestFinished);
  const first = await ensureSupervisor(site);
  await putPool(site.dir, referencePool({ stopTimeoutMs: 1_000 }));
  await putPool(site.dir, poolOf({ agent: "without-api" }));
  const before = [await waitForPool(site.dir, "writer", 1), await waitForPool(site.dir, "without-api", 1)];
  const sighting = readSupervisor(site.dir);
  if (sighting.state !== "alive") throw new Error("gone");
  await kill(first.pid);
  const occupant = await eventually(() => occupy(sighting.port ?? 0));
  onTestFinished(() => void occupant.close());
  await ensureSupervisor(site);
  expect(readSupervisor(site.dir)).not.toMatchObject({ port: sighting.port });
  const again = await untilInstance(
    site,
    "writer-0",
    ({ health, pid }) => health === "idle" && pid !== before[0]?.instances[0]?.pid,
  );
  expect(again.epoch).toBe(2);
  expect((await waitForPool(site.dir, "without-api", 1)).instances[0]?.pid).toBe(before[1]?.instances[0]?.pid);
});

/** Undefined while another process has the port. */
async function occupy(port: number): Promise<Server | undefined> {
  const server = createServer().listen(port, "127.0.0.1");
  return once(server, "listening").then(
    () => server,
    () => undefined,
  );
}
