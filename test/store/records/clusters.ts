import { describe, expect, test } from "vitest";
import type { NewCluster } from "../../../src/store/clusters.ts";
import { opened } from "../support/opened.ts";
import type { Places } from "../support/places.ts";

export const marketing: NewCluster = {
  ...{ tenant: "t", name: "marketing", type: "department", target: "local", status: "PLANNING", generation: 1 },
  ...{ blueprintId: "marketing-v1", blueprintVersion: "1.0.0", blueprintDigest: "d", activeStack: "marketing-g1" },
  ...{ currentWorkers: 0, targetWorkers: 5, minWorkers: 3, maxWorkers: 20, wish: { power: "on" } },
};

export function describeClusters(places: Places): void {
  describe("clusters", () => {
    test("a name is unique in a tenant until its cluster is destroyed", async () => {
      const { store, clock } = await opened(places);
      const first = await store.clusters.create(marketing);
      expect(first).toMatchObject({ ...marketing, version: 1, createdAt: clock.now() });
      expect(await store.clusters.create(marketing)).toBeUndefined();
      expect(await store.clusters.create({ ...marketing, tenant: "u" })).toBeDefined();
      if (first === undefined) return;
      await store.clusters.update(first.id, 1, { status: "DESTROYED" });
      const second = await store.clusters.create(marketing);
      expect((await store.clusters.byName("t", "marketing"))?.id).toBe(second?.id);
      await store.close();
    });

    test("the second of two changes to one version is refused", async () => {
      const { store } = await opened(places);
      const id = (await store.clusters.create(marketing))?.id ?? "";
      const replies = await Promise.all([
        store.clusters.update(id, 1, { status: "SPAWNING", wish: { power: "off" } }),
        store.clusters.update(id, 1, { status: "FAILED" }),
      ]);
      expect(replies.filter((reply) => reply !== undefined)).toHaveLength(1);
      expect(await store.clusters.show(id)).toMatchObject({ version: 2 });
      await store.close();
    });

    test("the active stack changes once", async () => {
      const { store } = await opened(places);
      const id = (await store.clusters.create(marketing))?.id ?? "";
      const replies = await Promise.all(
        ["a", "b", "c"].map((name) => store.clusters.activate(id, "marketing-g1", `marketing-${name}`)),
      );
      const winners = replies.flatMap((reply) => (reply === undefined ? [] : [reply.activeStack]));
      expect(winners).toHaveLength(1);
      expect((await store.clusters.show(id))?.activeStack).toBe(winners[0]);
      await store.close();
    });

    test("lists only clusters that are not destroyed", async () => {
      const { store } = await opened(places);
      const gone = await store.clusters.create({ ...marketing, name: "a" });
      await store.clusters.create({ ...marketing, name: "b" });
      await store.clusters.update(gone?.id ?? "", 1, { status: "DESTROYED" });
      expect((await store.clusters.list({ present: true, limit: 9 })).items).toMatchObject([{ name: "b" }]);
      expect((await store.clusters.list({ limit: 9 })).items).toHaveLength(2);
      await store.close();
    });

    test("lists by tenant and status", async () => {
      const { store } = await opened(places);
      for (const name of ["a", "b", "c"]) await store.clusters.create({ ...marketing, name });
      await store.clusters.create({ ...marketing, tenant: "u", status: "ACTIVE" });
      const { items, next } = await store.clusters.list({ tenant: "t", limit: 2 });
      expect(items.map((cluster) => cluster.name)).toEqual(["c", "b"]);
      expect((await store.clusters.list({ tenant: "t", limit: 2, before: next })).items).toHaveLength(1);
      expect((await store.clusters.list({ status: "ACTIVE", limit: 9 })).items).toMatchObject([{ tenant: "u" }]);
      await store.close();
    });

    test("an environment has an end, which can be changed; other clusters have none", async () => {
      const { store } = await opened(places);
      const until = Date.parse("2026-06-02T16:00Z");
      const made = await store.clusters.create({ ...marketing, environmentUntil: until });
      expect(made?.environmentUntil).toBe(until);
      const renewed = await store.clusters.update(made?.id ?? "", 1, { environmentUntil: until + 1 });
      expect(renewed?.environmentUntil).toBe(until + 1);
      const other = await store.clusters.create({ ...marketing, name: "other" });
      expect(other?.environmentUntil).toBeNull();
      await store.close();
    });

    test("stored blueprint versions are immutable", async () => {
      const { store, clock } = await opened(places);
      const blueprint = { id: "marketing-v1", name: "Marketing", text: "a: 1", digest: "1", actor: "ana" };
      await store.blueprints.put({ ...blueprint, version: "1.0.0" });
      clock.advance(1);
      await store.blueprints.put({ ...blueprint, version: "1.10.0", digest: "2" });
      const again = await store.blueprints.put({ ...blueprint, version: "1.0.0", digest: "3" });
      expect(again.digest).toBe("1");
      expect((await store.blueprints.show("marketing-v1"))?.version).toBe("1.10.0");
      expect((await store.blueprints.show("marketing-v1", "1.0.0"))?.digest).toBe("1");
      const first = await store.blueprints.list({ limit: 1 });
      const second = await store.blueprints.list({ limit: 1, before: first.next });
      expect([...first.items, ...second.items].map(({ version }) => version)).toEqual(["1.10.0", "1.0.0"]);
      await store.close();
    });
  });
}
