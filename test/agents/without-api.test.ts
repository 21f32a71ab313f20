import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { drain } from "../../src/drivers/control/directive-calls.ts";
import { ensureSupervisor, putPool, waitForPool } from "../../src/drivers/process/client.ts";
import { poolOf } from "../../src/drivers/process/scratch.fixture.ts";
import { driverOf, instanceStatus, kill, scratchSite, untilInstance } from "./support/site.ts";

test.concurrent("a process without the API runs, and is busy while it uses the CPU", async ({ onTestFinished }) => {
  const site = scratchSite(onTestFinished);
  await ensureSupervisor(site);
  const script = "trap 'kill $! 2>/dev/null; exit' TERM; until test -e rest; do :; done; sleep 600 & wait";
  await putPool(site.dir, poolOf({ command: ["sh", "-c", script] }));
  await waitForPool(site.dir, "writer", 1);
  const busy = await untilInstance(site, "writer-0", ({ cpu = 0 }) => cpu > 0.05);
  expect(busy).toMatchObject({ state: "running", health: "busy", memoryBytes: expect.any(Number) });
  expect(busy.epoch).toBeUndefined();

  await drain(driverOf(site), { agent: "writer" });
  expect((await instanceStatus(site, "writer-0"))?.health).toBe("busy");
  writeFileSync(join(site.dir, "state", "writer-0", "rest"), "");
  expect(await untilInstance(site, "writer-0", ({ health }) => health === "drained")).toMatchObject({ pid: busy.pid });
});

test.concurrent("its folder survives restarts", async ({ onTestFinished }) => {
  const site = scratchSite(onTestFinished);
  await ensureSupervisor(site);
  await putPool(site.dir, poolOf({ command: ["sh", "-c", "echo start >> starts; exec sleep 600"] }));
  const first = await waitForPool(site.dir, "writer", 1);
  await kill(first.instances[0]?.pid);
  await untilInstance(site, "writer-0", ({ restarts, state }) => restarts === 1 && state === "running");
  expect(readFileSync(join(site.dir, "state", "writer-0", "starts"), "utf8")).toBe("start\nstart\n");
});
