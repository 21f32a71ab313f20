import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { scalerLease, scalerOf } from "../../lifecycle/records/scaler-lease.ts";
import { openStore } from "../../store/store.ts";
import { acquireScalingLease } from "./lease.ts";

async function emptyStore() {
  const folder = mkdtempSync(join(tmpdir(), "swarm-lease-"));
  const store = await openStore({ kind: "sqlite", path: join(folder, "store.db") }, { now: () => Date.now() });
  onTestFinished(async () => {
    await store.close();
    rmSync(folder, { recursive: true });
  });
  return store;
}

test("a cluster that another process scales is left to it", async () => {
  const store = await emptyStore();
  await store.leases.acquire(scalerLease("c"), "another-host/7.1", 60_000);
  expect(await acquireScalingLease(store, "c", 60_000)).toEqual({ ok: false, holder: "another-host/7.1" });
  expect(await scalerOf(store, "c")).toBe("another-host/7.1");
});

test("a lease that ran out is taken over, as one whose previous holder may still write", async () => {
  const store = await emptyStore();
  await store.leases.acquire(scalerLease("c"), "another-host/7.1", 0);
  const reply = await acquireScalingLease(store, "c", 60_000);
  expect(reply).toMatchObject({ ok: true, held: { isTakeOver: true, lease: { token: 2 } } });
  if (!reply.ok) return;
  expect(reply.held.isCurrent()).toBe(true);
  await reply.held.release();
  expect(await scalerOf(store, "c")).toBeUndefined();
  expect(await acquireScalingLease(store, "c", 60_000)).toMatchObject({ held: { isTakeOver: false } });
});

test("the right to write ends with the lease, though nothing has said so", async () => {
  const store = await emptyStore();
  const reply = await acquireScalingLease(store, "c", 0);
  expect(reply.ok && reply.held.isCurrent()).toBe(false);
});
