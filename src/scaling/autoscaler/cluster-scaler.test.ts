import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { openStore, type Store } from "../../store/store.ts";
import { ClusterScaler } from "./cluster-scaler.ts";
import { acquireScalingLease, type ScalingLease } from "./lease.ts";
import { memoryAtStart } from "./stored-memory.ts";
import { Team, windowMs } from "./team.fixture.ts";

const never = new AbortController().signal;
const folder = mkdtempSync(join(tmpdir(), "swarm-scaler-"));
let made = 0;

afterAll(() => rmSync(folder, { recursive: true }));

async function setting() {
  const clock = { at: 1_000_000, now: () => clock.at };
  const store = await openStore({ kind: "sqlite", path: join(folder, `${made++}.db`) }, clock);
  const reply = await acquireScalingLease(store, "c", 60_000);
  if (!reply.ok) throw new Error("no lease");
  const lease: ScalingLease = { ...reply.held, isCurrent: () => true };
  const scalerOf = (held: ScalingLease) =>
    new ClusterScaler({ store, lease: held, memory: memoryAtStart(undefined, clock.now()), now: clock.now });
  return { store, clock, lease, scaler: scalerOf(lease), scalerOf, team: new Team() };
}

const decisions = async (store: Store) => (await store.scalingDecisions.list("c", { limit: 100 })).items;

test("a decision is recorded with its inputs and its outcome, and what it remembers too", async () => {
  const { store, scaler, team, lease } = await setting();
  team.waiting = 3;
  const report = await scaler.turn(team, "push", never);
  expect(report.changes).toMatchObject([{ decision: { agent: "writer", from: 0, to: 3 }, written: { ok: true } }]);
  expect(team.written).toMatchObject([[{ uid: "u", generation: 3, agent: "writer", count: 3 }]]);
  const [recorded] = await decisions(store);
  expect(recorded).toMatchObject({
    ...{ token: lease.lease.token, causedBy: "push", outcome: [{ agent: "writer", ok: true, count: 3 }] },
    detail: { observation: { agents: { writer: { waiting: { value: 3 } } } }, agents: { writer: { code: "demand" } } },
  });
  expect((await store.scalingMemories.show("c"))?.memory).toMatchObject({
    agents: { writer: { changedAt: 1_000_000 } },
  });
  await store.close();
});

test("nothing is recorded and nothing written while nothing changes", async () => {
  const { store, clock, scaler, team } = await setting();
  team.waiting = 3;
  await scaler.turn(team, "push", never);
  await scaler.turn(team, "interval", never);
  const before = await decisions(store);
  const remembered = await store.scalingMemories.show("c");
  for (let turn = 0; turn < 5; turn++) {
    clock.at += 100;
    await scaler.turn(team, "interval", never);
  }
  expect(await decisions(store)).toEqual(before);
  expect(await store.scalingMemories.show("c")).toEqual(remembered);
  expect(team.written).toHaveLength(1);
  await store.close();
});

test("a refused write is recorded with its reason, starts no cool-down and is tried again", async () => {
  const { store, scaler, team } = await setting();
  team.waiting = 2;
  team.answer = { ok: false, code: "operation", reason: "an operation is open" };
  expect((await scaler.turn(team, "push", never)).changes).toMatchObject([{ written: { code: "operation" } }]);
  expect((await decisions(store))[0]?.outcome).toMatchObject([{ ok: false, reason: "an operation is open" }]);
  expect((await store.scalingMemories.show("c"))?.memory).not.toMatchObject({
    agents: { writer: { changedAt: 1_000_000 } },
  });
  team.answer = undefined;
  expect((await scaler.turn(team, "interval", never)).changes).toMatchObject([{ written: { ok: true, count: 2 } }]);
  await store.close();
});

test("nothing is written while an operation holds the lease of the cluster", async () => {
  const { store, scaler, team } = await setting();
  team.waiting = 2;
  await store.leases.acquire("cluster/c", "op-1", 60_000);
  expect((await scaler.turn(team, "push", never)).changes).toMatchObject([{ written: { code: "operation" } }]);
  expect(team.written).toEqual([]);
  await store.close();
});

test("a holder that lost its lease writes neither records nor counts", async () => {
  const { store, clock, lease, scaler, team } = await setting();
  clock.at += 60_000;
  const other = await store.leases.acquire(lease.lease.name, "another-host/1.1", 60_000);
  expect(other).toMatchObject({ ok: true });
  team.waiting = 2;
  await expect(scaler.turn(team, "push", never)).rejects.toMatchObject({ code: "SW601" });
  expect(team.written).toEqual([]);
  expect(await decisions(store)).toEqual([]);
  await store.close();
});

test("a holder whose lease may be over writes no count, though the store has not said so", async () => {
  const { store, lease, scalerOf, team } = await setting();
  team.waiting = 2;
  const report = await scalerOf({ ...lease, isCurrent: () => false }).turn(team, "push", never);
  expect(report.changes).toMatchObject([{ written: { code: "moved-on" } }]);
  expect(team.written).toEqual([]);
  await store.close();
});

test("a take-over writes the counts of now first: a write of the previous holder has a lower sequence", async () => {
  const { store, lease, scalerOf, team } = await setting();
  team.count = 2;
  team.waiting = 2;
  const later = { ...lease, isTakeOver: true, lease: { ...lease.lease, token: lease.lease.token } };
  const scaler = scalerOf(later);
  await scaler.turn(team, "start", never);
  await scaler.turn(team, "interval", never);
  expect(team.written).toMatchObject([[{ agent: "writer", count: 2 }]]);
  const before = lease.lease.token * 1_000_000;
  expect(team.written[0]?.[0]?.seq).toBeGreaterThan(before);
  expect(team.written[0]?.[0]?.seq).toBeLessThan(before + 1_000_000);
  await store.close();
});

test("a restart forgets no wanted count, and lowers nothing within a window", async () => {
  const { store, clock, lease, scaler, team } = await setting();
  team.waiting = 5;
  await scaler.turn(team, "push", never);
  team.waiting = 0;
  clock.at += 2 * windowMs;
  const stored = (await store.scalingMemories.show("c"))?.memory;
  const next = new ClusterScaler({ store, lease, memory: memoryAtStart(stored, clock.now()), now: clock.now });
  expect((await next.turn(team, "start", never)).agents).toMatchObject({
    writer: { action: "hold", code: "restarted" },
  });
  clock.at += windowMs;
  expect((await next.turn(team, "interval", never)).agents).toMatchObject({ writer: { action: "down", to: 0 } });
  await store.close();
});
