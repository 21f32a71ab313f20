import { describe, expect, test } from "vitest";
import { wholeCluster } from "../../../src/store/scaling-pauses.ts";
import { opened } from "../support/opened.ts";
import type { Places } from "../support/places.ts";

const dayMs = 86_400_000;

export function describeScaling(places: Places): void {
  describe("the autoscaler's records", () => {
    test("the memory of a cluster is one row, which a process that lost its lease cannot write", async () => {
      const { store, clock } = await opened(places);
      expect(await store.scalingMemories.show("c")).toBeUndefined();
      const first = await store.leases.acquire("autoscale/c", "a", 1_000);
      clock.advance(1_000);
      const second = await store.leases.acquire("autoscale/c", "b", 1_000);
      if (!first.ok || !second.ok) throw new Error("no lease");
      await store.fenced(second.lease, ({ scalingMemories }) => scalingMemories.write("c", { window: [3] }));
      await store.fenced(second.lease, ({ scalingMemories }) => scalingMemories.write("c", { window: [3, 4] }));
      const late = store.fenced(first.lease, ({ scalingMemories }) => scalingMemories.write("c", { window: [9] }));
      await expect(late).rejects.toMatchObject({ code: "SW601" });
      expect(await store.scalingMemories.show("c")).toEqual({ memory: { window: [3, 4] }, updatedAt: clock.now() });
      await store.close();
    });

    test("decisions are listed newest first, and bounded in number and time", async () => {
      const { store, clock } = await opened(places);
      const ids: string[] = [];
      for (let n = 0; n < 5; n++) {
        const decision = { clusterId: "c", token: 1, causedBy: "push", detail: { n } };
        ids.push(await store.scalingDecisions.append(decision));
        clock.advance(dayMs);
      }
      await store.scalingDecisions.append({ clusterId: "other", token: 1, causedBy: "start", detail: {} });
      await store.scalingDecisions.settle(ids[4] ?? "", [{ ok: true, count: 4 }]);
      const { items, next } = await store.scalingDecisions.list("c", { limit: 2 });
      expect(items).toMatchObject([
        { id: ids[4], detail: { n: 4 }, outcome: [{ ok: true, count: 4 }] },
        { id: ids[3], detail: { n: 3 }, outcome: null },
      ]);
      expect((await store.scalingDecisions.list("c", { limit: 9, before: next })).items).toHaveLength(3);
      const left = async () => (await store.scalingDecisions.list("c", { limit: 9 })).items.map(({ id }) => id);
      await store.scalingDecisions.prune("c", { most: 3, ms: 90 * dayMs });
      expect(await left()).toEqual([ids[4], ids[3], ids[2]]);
      await store.scalingDecisions.prune("c", { most: 9, ms: 2 * dayMs });
      expect(await left()).toEqual([ids[4], ids[3]]);
      expect((await store.scalingDecisions.list("other", { limit: 9 })).items).toHaveLength(1);
      await store.close();
    });

    test("a pause lasts until its end or until it is resumed; that of the cluster ends all", async () => {
      const { store, clock } = await opened(places);
      const asked = { clusterId: "c", actor: "ana", reason: "a demonstration" };
      await store.scalingPauses.pause({ ...asked, agent: "writer", until: clock.now() + 1_000 });
      await store.scalingPauses.pause({ ...asked, agent: wholeCluster, until: null });
      await store.scalingPauses.pause({ ...asked, agent: wholeCluster, until: null, reason: "a longer one" });
      const agents = async () => (await store.scalingPauses.list("c")).map(({ agent, reason }) => [agent, reason]);
      expect(await agents()).toEqual([
        ["", "a longer one"],
        ["writer", "a demonstration"],
      ]);
      clock.advance(1_000);
      expect(await agents()).toEqual([["", "a longer one"]]);
      expect(await store.scalingPauses.resume("c", "writer")).toBe(0);
      expect(await store.scalingPauses.resume("c", wholeCluster)).toBe(1);
      expect(await agents()).toEqual([]);
      await store.close();
    });
  });
}
