import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { bundleDigest } from "../../src/runtime/knowledge/bundle.ts";
import { ensureSupervisor, exec, putPool, waitForPool } from "../../src/runtime/supervisor/client.ts";
import { give, kill, referencePool, scratchSite, untilInstance } from "./support/site.ts";

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

test.concurrent("status shows what an instance works on, and what it uses", async ({ onTestFinished }) => {
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

test.concurrent("a supervisor that takes over knows who has registered", async ({ onTestFinished }) => {
  const site = scratchSite(onTestFinished);
  const first = await ensureSupervisor(site);
  await putPool(site.dir, referencePool({ count: 2 }));
  const before = await waitForPool(site.dir, "writer", 2);
  await kill(first.pid);
  await ensureSupervisor(site);
  const after = await untilInstance(site, "writer-1", ({ health }) => health === "idle");
  expect(after).toMatchObject({ pid: before.instances[1]?.pid, epoch: 1 });
});

test.concurrent("an instance finds its configuration, its knowledge and its token, which only its user can read", async ({
  onTestFinished,
}) => {
  const site = scratchSite(onTestFinished);
  await ensureSupervisor(site);
  const path = join(import.meta.dirname, "support");
  const knowledge = [{ name: "brand", path, digest: bundleDigest(path) }];
  await putPool(site.dir, referencePool({ config: '{"agent":"writer","capabilities":["seo"]}', knowledge }));
  await waitForPool(site.dir, "writer", 1);
  const script =
    'cat "$SWARM_CONFIG"; ls "$SWARM_KNOWLEDGE_DIR/brand"; stat -c %a "$SWARM_TOKEN_FILE" "$SWARM_KNOWLEDGE_DIR"/brand/*';
  let text = "";
  await exec(site.dir, "writer-0", ["sh", "-c", script], {
    onStdout: (bytes) => (text += Buffer.from(bytes).toString()),
  });
  expect(text).toContain('"capabilities":["seo"]');
  expect(text).toMatch(/agent-server\.ts\nsite\.ts\n600\n444\n444/);
  expect(statSync(join(site.dir, "tokens", "writer-0")).mode & 0o777).toBe(0o600);
  expect(readFileSync(join(site.dir, "audit.log"), "utf8")).toContain('"action":"agent.register"');

  const changed = [{ name: "brand", path, digest: "0".repeat(64) }];
  await expect(putPool(site.dir, referencePool({ knowledge: changed }))).rejects.toMatchObject({ code: "SW802" });
});
