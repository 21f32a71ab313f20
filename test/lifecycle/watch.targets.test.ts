import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { addTask, cancelTask, showTask } from "../../src/drivers/control/task-calls.ts";
import { gc } from "../../src/lifecycle/reconcile/gc.ts";
import type { ReconcileResult } from "../../src/lifecycle/reconcile/reconcile.ts";
import { listWatcherLeases } from "../../src/lifecycle/reconcile/watcher-lease.ts";
import { listOperations, listRows } from "../../src/lifecycle/records/journal.ts";
import { findEngine } from "../../src/stacks/engine/index.ts";
import { readSettings } from "../../src/stacks/settings.ts";
import { until } from "../support/sandbox.ts";
import { clusterOn, swarmctl } from "../support/targets/cluster.ts";
import { localTarget } from "../support/targets/local.ts";

const day = 86_400_000;

const rules = `type: temporary, ttl: 3 days, min_workers: 1, max_workers: 4,
  hibernation: { idle_timeout: 1 second, wake: "0 7 * * *", time_zone: Europe/Berlin }`;

test("a cluster hibernates when idle, wakes on schedule and is destroyed after its time to live; busy or unreachable clusters are not changed", async ({
  onTestFinished,
}) => {
  const cluster = await clusterOn(localTarget, onTestFinished, { workers: "1", isPlanned: true });
  const { sandbox, name, blueprint } = cluster;
  const settings = readSettings(sandbox.env);
  const { signal } = new AbortController();
  const engine = await findEngine({ env: settings.env, signal });
  const statusNow = async () => (await listRows(settings)).get(name)?.status;

  /** Runs `gc` at a given time and returns the result of the only cluster. */
  async function gcAt(now: number, dryRun = false): Promise<ReconcileResult | undefined> {
    const options = { settings, engine, signal, engines: 1, dryRun };
    return (await gc({ ...options, now: () => now, onEvent: () => {} }))[0];
  }

  const text = sandbox.read("team.yaml").replace("type: standard, min_workers: 1, max_workers: 100", rules);
  sandbox.write("team.yaml", text);
  await swarmctl(cluster, "up", blueprint);
  const unwatched = await swarmctl(cluster, "status");
  expect(unwatched.stderr).toContain(
    `no reconciler runs for ${name}, which wakes at "0 7 * * *", hibernates when idle for 1s`,
  );

  // Busy.
  const driver = await cluster.driver();
  const { id } = await addTask(driver, { selector: { agent: "worker" }, payload: { skill: "sleep", ms: 600_000 } });
  await until("the task is leased", async () => (await showTask(driver, id)).state === "leased");
  expect(await gcAt(Date.now() + day / 4, true)).toMatchObject({
    ...{ action: "none", outcome: "nothing", reason: "1 tasks at work, 0 waiting" },
  });
  await cancelTask(driver, id);

  // Unreachable.
  const supervisor = Number(/\d+/.exec((await driver.status())?.api ?? "")?.[0]);
  process.kill(supervisor, "SIGSTOP");
  try {
    expect(await gcAt(Date.now() + day / 4, true)).toMatchObject({
      ...{ action: "none", outcome: "nothing", reason: expect.stringContaining("activity unknown") },
    });
  } finally {
    process.kill(supervisor, "SIGCONT");
  }

  // Idle, with an active watcher.
  const { child } = sandbox.start(["watch", "--interval", "1s", "--json"]);
  let printed = "";
  child.stdout?.on("data", (bytes: Buffer) => {
    printed += bytes.toString();
  });
  await until("it tells what it did", () => printed.includes("\n"), 120_000);
  expect(JSON.parse(printed)).toMatchObject({
    ...{ type: "attended", cluster: name, action: "hibernate", outcome: "done", status: "HIBERNATED" },
  });
  expect(await listWatcherLeases(settings)).toMatchObject([{ name: expect.stringMatching(/^watch\//) }]);

  // A second watcher stands by and takes over when the first ends.
  const other = sandbox.start(["watch", "--interval", "1s"]);
  let told = "";
  other.child.stderr?.on("data", (bytes: Buffer) => {
    told += bytes.toString();
  });
  await until("the other one stands by", () => told.includes("is already watching; standing by"));
  child.kill("SIGKILL");
  await until("the other one watches", () => told.includes("the other watcher has ended; watching"));
  other.child.kill("SIGTERM");
  expect(await other.finished, told).toMatchObject({ status: 0 });
  expect(await listWatcherLeases(settings)).toEqual([]);
  expect(await cluster.running()).toEqual([]);
  expect((await listOperations(settings, { limit: 1 }))[0]).toMatchObject({
    ...{ kind: "hibernate", status: "succeeded", actor: expect.stringMatching(/^watch@/) },
    reason: expect.stringMatching(/^idle for .*, idle_timeout is 1 second$/),
  });

  // The schedule is due.
  const wakesAt = (await gcAt(Date.now()))?.nextAt ?? 0;
  const inBerlin = new Intl.DateTimeFormat("en-GB", { timeZone: "Europe/Berlin", timeStyle: "short" });
  expect(inBerlin.format(wakesAt)).toBe("07:00");
  expect(await gcAt(wakesAt - 1)).toMatchObject({ action: "none", reason: "hibernated", nextAt: wakesAt });
  expect(await gcAt(wakesAt)).toMatchObject({ action: "reactivate", outcome: "done", status: "ACTIVE" });
  expect((await driver.status())?.agents).toMatchObject([{ running: 1 }, { running: 1 }]);

  // The time to live is over: a dry run reports the action and changes nothing.
  const over = Date.now() + 3 * day;
  expect(await gcAt(over, true)).toMatchObject({ action: "destroy", outcome: "left" });
  expect(await statusNow()).toBe("ACTIVE");
  expect(await gcAt(over)).toMatchObject({ action: "destroy", outcome: "done", status: "DESTROYED" });
  expect(await cluster.running()).toEqual([]);
  const archives = join(settings.home, "archive");
  const [archive = ""] = await readdir(archives);
  expect(await readFile(join(archives, archive, "blueprint.yaml"), "utf8")).toBe(text);
  const empty = await sandbox.run(["gc", "--json"]);
  expect(empty, empty.stderr).toMatchObject({ status: 0 });
  expect(JSON.parse(empty.stdout)).toEqual({ clusters: [], total: 0 });
});
