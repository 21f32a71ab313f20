import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, onTestFinished, test, vi } from "vitest";
import { scalerOf } from "../../lifecycle/records/scaler-lease.ts";
import type { Cluster } from "../../store/clusters.ts";
import { openStore } from "../../store/store.ts";
import { type AutoscalerOptions, leaseMsOf, lookOnce, runAutoscaler } from "./autoscaler.ts";
import type { TurnReport } from "./scaler.ts";
import { Team } from "./team.fixture.ts";

const folder = mkdtempSync(join(tmpdir(), "swarm-autoscaler-"));
let made = 0;

afterAll(() => rmSync(folder, { recursive: true }));

/** A store with one active cluster, and an autoscaler that looks each hour unless something rings. */
async function setting(given: Partial<AutoscalerOptions> = {}) {
  const store = await openStore({ kind: "sqlite", path: join(folder, `${made++}.db`) }, { now: () => Date.now() });
  const row = await store.clusters.create({
    ...{ tenant: "default", name: "team", type: "standard", activeStack: "team", blueprintId: "team" },
    ...{ blueprintVersion: "1", blueprintDigest: "", target: "local", status: "ACTIVE", wish: null, generation: 1 },
    ...{ currentWorkers: 0, targetWorkers: 0, minWorkers: 0, maxWorkers: 0 },
  });
  if (row === undefined) throw new Error("no row");
  const teams: Team[] = [];
  const reports: TurnReport[] = [];
  const options: AutoscalerOptions = {
    ...{ store, mode: "scale", intervalMs: 3_600_000, now: Date.now, selects: () => true },
    async open({ id, version }) {
      const team = new Team(id, version);
      team.count = teams.at(-1)?.count ?? 0;
      teams.push(team);
      return team;
    },
    onTurn: async (_team, report) => void reports.push(report),
    ...{ onStandBy: () => {}, onNote: () => {} },
    onFailure: (_name, error) => {
      throw error;
    },
    ...given,
  };
  const stop = new AbortController();
  const start = () => {
    const ended = runAutoscaler(options, stop.signal);
    onTestFinished(async () => {
      stop.abort();
      await ended;
    });
    return ended;
  };
  const change = async (changes: Partial<Pick<Cluster, "status" | "generation">>) => {
    const present = await store.clusters.show(row.id);
    await store.clusters.update(row.id, present?.version ?? 0, changes);
  };
  return { store, row, teams, reports, options, stop, start, change };
}

const until = <Value>(look: () => Value) => vi.waitUntil(look, { timeout: 20_000, interval: 5 });

test("it looks at its start, and at once when work is pushed", async () => {
  const { start, teams, reports } = await setting();
  void start();
  await until(() => reports.length === 1);
  const team = teams[0];
  if (team === undefined) throw new Error("no team");
  team.waiting = 4;
  team.bell?.ring("push");
  await until(() => team.count === 4);
  expect(reports.map(({ trigger }) => trigger)).toEqual(["start", "push"]);
});

test("a stop releases the lease and closes the cluster", async () => {
  const { start, stop, store, row, teams, reports } = await setting();
  const ended = start();
  await until(() => reports.length === 1);
  expect(await scalerOf(store, row.id)).toBeDefined();
  stop.abort();
  await ended;
  expect(await scalerOf(store, row.id)).toBeUndefined();
  expect(teams[0]?.isClosed).toBe(true);
});

test("it leaves a cluster that is not to be scaled alone, and comes back to it; an edit opens it again", async () => {
  const { start, store, row, teams, reports, change } = await setting({ intervalMs: 20 });
  void start();
  await until(() => reports.length >= 1);
  await change({ status: "HIBERNATED" });
  await until(() => teams[0]?.isClosed);
  await vi.waitUntil(async () => (await scalerOf(store, row.id)) === undefined, { timeout: 20_000 });
  const before = reports.length;
  await change({ status: "ACTIVE" });
  await until(() => reports.length > before);
  await change({ generation: 2 });
  await until(() => teams.length === 3);
});

test("a cluster that has moved on without swarmctl is opened again, and scaled at the next look", async () => {
  const { start, teams, reports } = await setting({ intervalMs: 20 });
  void start();
  await until(() => reports.length >= 1);
  const [first] = teams;
  if (first === undefined) throw new Error("no team");
  first.answer = { ok: false, code: "moved-on", reason: "its generation is 4, not 3" };
  first.waiting = 4;
  await until(() => teams.length === 2);
  expect(first.isClosed).toBe(true);
  const [, second] = teams;
  if (second === undefined) throw new Error("no second team");
  second.waiting = 4;
  await until(() => second.count === 4);
});

test("while an operation changes the counts it does not look", async () => {
  const { row, store, options, reports, change } = await setting();
  await change({ status: "SCALING_UP" });
  await lookOnce(options, new AbortController().signal);
  expect(reports).toEqual([]);
  expect(await scalerOf(store, row.id)).toBeUndefined();
});

test("another process that scales the cluster is named, and nothing is written", async () => {
  const told: string[] = [];
  const { row, store, options, reports } = await setting({ onStandBy: (_name, holder) => told.push(holder) });
  await store.leases.acquire(`autoscale/${row.id}`, "another-host/7.1", 60_000);
  await lookOnce(options, new AbortController().signal);
  expect(told).toEqual(["another-host/7.1"]);
  expect(reports).toEqual([]);
});

test("advice takes no lease and writes nothing", async () => {
  const { row, store, teams, options, reports } = await setting({ mode: "advise" });
  const open: AutoscalerOptions["open"] = async (one) => {
    const team = await options.open(one);
    if (team instanceof Team) team.waiting = 2;
    return team;
  };
  await lookOnce({ ...options, open }, new AbortController().signal);
  expect(reports).toMatchObject([{ changes: [{ decision: { to: 2 }, written: undefined }] }]);
  expect(teams[0]?.written).toEqual([]);
  expect(await store.leases.show(`autoscale/${row.id}`)).toBeUndefined();
  expect((await store.scalingDecisions.list(row.id, { limit: 1 })).items).toEqual([]);
});

test.each([
  [1_000, 5_000],
  [5_000, 15_000],
  [30_000, 30_000],
])("with an interval of %d ms a lease lasts %d ms", (intervalMs, leaseMs) => {
  expect(leaseMsOf(intervalMs)).toBe(leaseMs);
});
