import { describe, expect, test } from "vitest";
import { opened } from "../support/opened.ts";
import type { Places } from "../support/places.ts";

const scale = {
  ...{ clusterId: "cluster-1", kind: "scale", generation: 3, actor: "ana", reason: "launch" },
  ...{ wishBefore: { counts: { writer: 1 } }, wishAfter: { counts: { writer: 4 } } },
};

export function describeOperations(places: Places): void {
  describe("operations", () => {
    test("the journal of an operation: opened, started, its steps, ended", async () => {
      const { store, clock } = await opened(places);
      const { id } = await store.operations.open(scale);
      expect(await store.operations.show(id)).toMatchObject({ ...scale, status: "queued", endedAt: null });
      const acquired = await store.leases.acquire("cluster:cluster-1", "runner-1", 1_000);
      if (!acquired.ok) throw new Error("held");
      const { lease } = acquired;
      await store.operations.write(id, lease, { status: "running", session: "s-1" });
      await store.operations.record(id, lease, { position: 1, name: "drain", status: "running" });
      const begun = clock.now();
      clock.advance(500);
      await store.operations.record(id, lease, { position: 1, name: "drain", status: "succeeded", detail: { n: 3 } });
      await store.operations.write(id, lease, { status: "succeeded" });
      expect(await store.operations.steps(id)).toEqual([
        {
          ...{ operationId: id, position: 1, name: "drain", status: "succeeded", detail: { n: 3 } },
          ...{ startedAt: begun, endedAt: clock.now() },
        },
      ]);
      expect(await store.operations.show(id)).toMatchObject({ status: "succeeded", session: "s-1" });
      await expect(store.operations.write(id, lease, { status: "running" })).rejects.toMatchObject({ code: "SW601" });
      await store.close();
    });

    test("a holder that lost the lease cannot write", async () => {
      const { store, clock } = await opened(places);
      const { id } = await store.operations.open(scale);
      const first = await store.leases.acquire("cluster:cluster-1", "runner-1", 1_000);
      if (!first.ok) throw new Error("held");
      clock.advance(1_000);
      await store.leases.acquire("cluster:cluster-1", "runner-2", 1_000);
      const late = store.operations.record(id, first.lease, { position: 1, name: "up", status: "succeeded" });
      await expect(late).rejects.toMatchObject({ code: "SW601", message: expect.stringContaining("taken over") });
      expect(await store.operations.steps(id)).toEqual([]);
      await expect(store.operations.reopen(id, first.lease, "s-1")).rejects.toMatchObject({ code: "SW601" });
      expect(await store.operations.show(id)).toMatchObject({ status: "queued", session: null });
      await store.close();
    });

    test("one that has failed is resumed; one that has ended otherwise is not", async () => {
      const { store } = await opened(places);
      const acquired = await store.leases.acquire("cluster:cluster-1", "runner-1", 1_000);
      if (!acquired.ok) throw new Error("held");
      for (const [status, isResumed] of [
        ["failed", true],
        ["succeeded", false],
      ] as const) {
        const { id } = await store.operations.open(scale);
        await store.operations.write(id, acquired.lease, { status });
        expect(await store.operations.reopen(id, acquired.lease, "s-2")).toBe(isResumed);
        const expected = isResumed ? { status: "running", session: "s-2", endedAt: null } : { status, session: null };
        expect(await store.operations.show(id)).toMatchObject(expected);
      }
      await store.close();
    });

    test("lists of a cluster, newest first, in pages", async () => {
      const { store } = await opened(places);
      const ids: string[] = [];
      for (let n = 0; n < 5; n++) ids.push((await store.operations.open(scale)).id);
      await store.operations.open({ ...scale, clusterId: "cluster-2" });
      expect((await store.operations.list({ kinds: ["spawn"], limit: 9 })).items).toEqual([]);
      const first = await store.operations.list({ clusterId: "cluster-1", kinds: ["spawn", "scale"], limit: 3 });
      const rest = await store.operations.list({ clusterId: "cluster-1", limit: 3, before: first.next });
      expect([...first.items, ...rest.items].map((operation) => operation.id)).toEqual(ids.toReversed());
      expect(rest.next).toBeUndefined();
      await store.close();
    });
  });
}
